-- An aircraft cannot leave New York again sooner than it could have flown somewhere and back.
AUDIT (
  name possible_turnaround,
  defaults (min_minutes = 60)
);

SELECT *
FROM @this_model
WHERE minutes_since_last_departure < @min_minutes;
