MODEL (
  name flights_marts.carrier_league,
  kind VIEW,
  grain (carrier),
  audits (shares_are_shares(column := on_time_share)),
  tags (delays),
  description 'Carriers by the share of their flights that arrived on time'
);

WITH totals AS (
  SELECT
    carrier,
    carrier_name,
    count(*) AS flights,
    round(count(*) FILTER (WHERE NOT is_cancelled AND NOT is_late) / count(*), 3) AS on_time_share
  FROM flights_marts.flight_legs
  GROUP BY carrier, carrier_name
)
SELECT
  rank() OVER (ORDER BY on_time_share DESC) AS place,
  carrier,
  carrier_name,
  flights,
  on_time_share
FROM totals;
