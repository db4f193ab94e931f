MODEL (
  name flights_marts.late_legs_by_airport,
  kind FULL,
  grain (dest),
  audits (
    shares_are_shares(column := late_share),
    number_of_rows(threshold := 50)
  ),
  tags (delays),
  description 'Which destinations are reached late: legs of the rotations, and the share that arrived over a quarter of an hour late'
);

WITH late AS (
  SELECT
    _dlt_parent_id,
    max(minutes) AS arrival_delay
  FROM flights_staging.stg_rotations__legs__delays
  WHERE kind = 'arrival'
  GROUP BY _dlt_parent_id
)
SELECT
  l.dest,
  coalesce(a.name, 'not in the list of airports') AS airport,
  a.lat,
  a.lon,
  count(*) AS legs,
  count(*) FILTER (WHERE late.arrival_delay > 15) AS late_legs,
  round(count(*) FILTER (WHERE late.arrival_delay > 15) / count(*), 3) AS late_share,
  max(late.arrival_delay) AS worst_minutes
FROM flights_staging.stg_rotations__legs AS l
LEFT JOIN late ON late._dlt_parent_id = l._dlt_id
LEFT JOIN flights_staging.stg_airports AS a ON a.faa = l.dest
GROUP BY l.dest, a.name, a.lat, a.lon;
