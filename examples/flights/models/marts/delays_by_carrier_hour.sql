MODEL (
  name flights_marts.delays_by_carrier_hour,
  kind FULL,
  grain (carrier, origin, departed_hour),
  audits (
    not_null(columns := (flights)),
    shares_are_shares(column := late_share),
    forall(criteria := (late <= flights, cancelled <= flights))
  ),
  tags (delays, weather),
  description 'How late each carrier left and arrived, hour by hour and airport by airport, against the weather of that hour'
);

WITH hours AS (
  SELECT
    carrier,
    carrier_name,
    origin,
    departed_hour,
    count(*) AS flights,
    count(*) FILTER (WHERE is_late) AS late,
    count(*) FILTER (WHERE is_cancelled) AS cancelled,
    avg(dep_delay) AS mean_departure_delay,
    max(arr_delay) AS worst_arrival_delay
  FROM flights_marts.flight_legs
  GROUP BY carrier, carrier_name, origin, departed_hour
)
SELECT
  h.carrier,
  h.carrier_name,
  h.origin,
  h.departed_hour,
  h.flights,
  h.late,
  h.cancelled,
  round(h.late / h.flights, 3) AS late_share,
  round(h.mean_departure_delay, 1) AS mean_departure_delay,
  h.worst_arrival_delay,
  w.conditions,
  w.wind_mph,
  w.rain_inches,
  w.visibility_miles
FROM hours AS h
LEFT JOIN flights_marts.weather_hourly AS w
  ON w.origin = h.origin AND w.observed_at = h.departed_hour;
