MODEL (
  name flights_marts.weather_hourly,
  kind FULL,
  grain (origin, observed_at),
  audits (
    accepted_range(column := humidity, min_v := 0, max_v := 100),
    accepted_range(column := visibility_miles, min_v := 0)
  ),
  tags (weather),
  description 'One row an airport and hour (UTC). Hours that several loads brought are taken from the newest load.'
);

SELECT
  origin,
  time_hour AS observed_at,
  temp AS temperature_f,
  humid AS humidity,
  wind_speed AS wind_mph,
  wind_gust AS gust_mph,
  precip AS rain_inches,
  visib AS visibility_miles,
  CASE
    WHEN visib < 5 THEN 'fog'
    WHEN precip > 0 THEN 'rain'
    WHEN wind_speed >= 15 THEN 'wind'
    ELSE 'fair'
  END AS conditions
FROM flights_staging.stg_weather
QUALIFY row_number() OVER (PARTITION BY origin, time_hour ORDER BY _loaded_at DESC, _dlt_id) = 1;
