MODEL (
  name flights_marts.airport_weather_impact,
  kind FULL,
  grain (origin, conditions),
  audits (
    not_null(columns := (conditions, flights)),
    accepted_values(column := conditions, is_in := ('fair', 'rain', 'fog', 'wind')),
    shares_are_shares(column := late_share)
  ),
  tags (weather),
  description 'What fog, rain and wind do to each airport, against fair weather at the same place'
);

WITH by_conditions AS (
  SELECT
    f.origin,
    w.conditions,
    count(*) AS flights,
    count(*) FILTER (WHERE f.is_cancelled) AS cancelled,
    round(count(*) FILTER (WHERE f.is_late) / count(*), 3) AS late_share,
    avg(f.dep_delay) AS mean_departure_delay
  FROM flights_marts.flight_legs AS f
  JOIN flights_marts.weather_hourly AS w ON w.origin = f.origin AND w.observed_at = f.departed_hour
  GROUP BY f.origin, w.conditions
)
SELECT
  c.origin,
  c.conditions,
  c.flights,
  c.cancelled,
  c.late_share,
  round(c.mean_departure_delay, 1) AS mean_departure_delay,
  round(c.mean_departure_delay - fair.mean_departure_delay, 1) AS minutes_worse_than_fair
FROM by_conditions AS c
LEFT JOIN by_conditions AS fair ON fair.origin = c.origin AND fair.conditions = 'fair';
