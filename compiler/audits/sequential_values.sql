-- Each value is the one before it plus the interval; NULL is left out.
AUDIT (
  name sequential_values,
  defaults ("interval" = 1, condition = true),
  arguments (column = column, "interval" = step)
);
WITH ordered AS (
  SELECT @column AS value, lag(@column) OVER (ORDER BY @column) AS previous
  FROM @this_model
  WHERE @column IS NOT NULL AND @condition
)
SELECT previous, value FROM ordered WHERE value <> previous + @interval;
