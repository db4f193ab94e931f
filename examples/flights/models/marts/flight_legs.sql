MODEL (
  name flights_marts.flight_legs,
  kind FULL,
  grain (carrier, flight, origin, time_hour),
  audits (
    not_null(columns := (carrier_name, is_cancelled)),
    accepted_range(column := distance, min_v := 1)
  ),
  tags (core),
  description 'Every flight out of New York with the names, the aircraft and the band of its delay',
  column_descriptions (
    departed_hour = 'Scheduled hour of departure, UTC without a zone: joins to weather_hourly',
    delay_band = 'Label of the seed delay_bands; none for a flight that never arrived'
  )
);

SELECT
  f.carrier,
  a.name AS carrier_name,
  f.flight,
  f.origin,
  f.dest,
  f.time_hour,
  f.time_hour AT TIME ZONE 'UTC' AS departed_hour,
  f.flown_on,
  f.hour AS local_hour,
  f.tailnum,
  p.manufacturer,
  p.seats,
  f.distance,
  f.air_time,
  f.dep_delay,
  f.arr_delay,
  f.is_cancelled,
  coalesce(f.is_late, FALSE) AS is_late,
  b.band AS delay_band_number,
  b.label AS delay_band
FROM flights_staging.stg_flights AS f
JOIN flights_staging.stg_airlines AS a ON a.carrier = f.carrier
LEFT JOIN flights_staging.stg_planes AS p ON p.tailnum = f.tailnum
LEFT JOIN flights_marts.delay_bands AS b ON f.arr_delay BETWEEN b.from_minutes AND b.to_minutes;
