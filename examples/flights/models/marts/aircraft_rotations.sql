MODEL (
  name flights_marts.aircraft_rotations,
  kind FULL,
  grain (tailnum, flown_on),
  audits (
    not_null(columns := (legs, miles)),
    accepted_range(column := legs, min_v := 1),
    accepted_range(column := fuel_cost, min_v := 0)
  ),
  tags (fleet),
  description 'What each aircraft flew out of New York on each day: legs, miles, fuel, and the delay it picked up'
);

WITH delays AS (
  SELECT
    l._dlt_root_id,
    sum(d.minutes) FILTER (WHERE d.kind = 'departure' AND d.minutes > 0) AS departure_minutes,
    sum(d.minutes) FILTER (WHERE d.kind = 'arrival' AND d.minutes > 0) AS arrival_minutes
  FROM flights_staging.stg_rotations__legs AS l
  JOIN flights_staging.stg_rotations__legs__delays AS d ON d._dlt_parent_id = l._dlt_id
  GROUP BY l._dlt_root_id
),
legs AS (
  SELECT
    _dlt_root_id,
    count(*) AS legs,
    sum(miles) AS miles,
    string_agg(dest, ' ' ORDER BY _dlt_list_idx) AS route
  FROM flights_staging.stg_rotations__legs
  GROUP BY _dlt_root_id
)
SELECT
  r.tailnum,
  r.flown_on,
  l.legs,
  l.route,
  l.miles,
  r.fuel_cost,
  coalesce(d.departure_minutes, 0) AS departure_delay_minutes,
  coalesce(d.arrival_minutes, 0) AS arrival_delay_minutes
FROM flights_staging.stg_rotations AS r
JOIN legs AS l ON l._dlt_root_id = r._dlt_id
LEFT JOIN delays AS d ON d._dlt_root_id = r._dlt_id;
