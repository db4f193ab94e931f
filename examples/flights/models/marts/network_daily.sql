MODEL (
  name flights_marts.network_daily,
  kind FULL,
  grain (flown_on),
  audits (
    accepted_range(column := flights, min_v := 1),
    shares_are_shares(column := on_time_share),
    forall(criteria := (cancelled <= flights))
  ),
  tags (core),
  description 'The three airports in one line a day'
);

SELECT
  flown_on,
  count(*) AS flights,
  count(*) FILTER (WHERE is_cancelled) AS cancelled,
  count(DISTINCT tailnum) AS aircraft,
  sum(distance) FILTER (WHERE NOT is_cancelled) AS miles_flown,
  round(count(*) FILTER (WHERE NOT is_cancelled AND NOT is_late) / count(*), 3) AS on_time_share,
  round(avg(arr_delay), 1) AS mean_arrival_delay,
  sum(count(*)) OVER (
    ORDER BY flown_on
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS flights_so_far
FROM flights_marts.flight_legs
GROUP BY flown_on;
