MODEL (
  name flights_marts.aircraft_turnarounds,
  kind FULL,
  grain (tailnum, departed_at),
  audits (possible_turnaround(min_minutes := 90)),
  tags (fleet, delays),
  description 'Each departure of an aircraft from New York with the one before: how long it was away, and whether lateness was handed on'
);

WITH departures AS (
  SELECT
    tailnum,
    carrier,
    flight,
    origin,
    dest,
    time_hour
      + to_minutes(CAST(minute AS integer))
      + to_minutes(CAST(dep_delay AS integer)) AS departed_at,
    arr_delay,
    dep_delay
  FROM flights_staging.stg_flights
  WHERE tailnum IS NOT NULL AND NOT is_cancelled
),
ordered AS (
  SELECT
    *,
    lag(departed_at) OVER aircraft AS last_departed_at,
    lag(dest) OVER aircraft AS last_dest,
    lag(arr_delay) OVER aircraft AS last_arr_delay
  FROM departures
  WINDOW aircraft AS (PARTITION BY tailnum ORDER BY departed_at)
)
SELECT
  tailnum,
  carrier,
  flight,
  origin,
  dest,
  departed_at,
  last_dest,
  date_diff('minute', last_departed_at, departed_at) AS minutes_since_last_departure,
  last_arr_delay,
  dep_delay,
  coalesce(last_arr_delay > 15 AND dep_delay > 15, FALSE) AS lateness_handed_on
FROM ordered;
