MACRO date_spine(datepart, start_date, end_date) AS
SELECT CAST(date_@{datepart} AS DATE) AS date_@{datepart}
FROM generate_series(
  CAST(CAST(@start_date AS DATE) AS TIMESTAMP),
  CAST(CAST(@end_date AS DATE) AS TIMESTAMP),
  @IF(lower(@datepart) = 'day', INTERVAL 1 DAY,
  @IF(lower(@datepart) = 'week', INTERVAL 7 DAY,
  @IF(lower(@datepart) = 'month', INTERVAL 1 MONTH,
  @IF(lower(@datepart) = 'quarter', INTERVAL 3 MONTH,
  @IF(lower(@datepart) = 'year', INTERVAL 1 YEAR,
  @ERROR('the part of a date spine is ''day'', ''week'', ''month'', ''quarter'' or ''year'''))))))
) AS _exploded (date_@{datepart});
