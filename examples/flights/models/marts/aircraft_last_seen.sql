MODEL (
  name flights_marts.aircraft_last_seen,
  kind INCREMENTAL_BY_UNIQUE_KEY (unique_key (tailnum)),
  grain (tailnum),
  audits (not_null(columns := (carrier, dest, departed_on))),
  tags (fleet),
  description 'Where each aircraft was last sent from New York; one row an aircraft, replaced as it flies again'
);

SELECT
  f.tailnum,
  f.carrier,
  f.origin,
  f.dest,
  f.flown_on AS departed_on,
  f.time_hour AS departed_hour,
  p.manufacturer,
  p.model,
  p.seats
FROM flights_staging.stg_flights AS f
LEFT JOIN flights_staging.stg_planes AS p ON p.tailnum = f.tailnum
WHERE f.tailnum IS NOT NULL AND NOT f.is_cancelled
QUALIFY row_number() OVER (
  PARTITION BY f.tailnum
  ORDER BY f.time_hour DESC, f.minute DESC, f.flight
) = 1;
