-- The newest time is at most so long before the apply; a table without a time fails.
AUDIT (
  name freshness,
  defaults (condition = true),
  arguments (column = time_column, max_age = span)
);
SELECT max(@column) AS newest
FROM @this_model
WHERE @condition
HAVING max(@column) IS NULL OR max(@column) + @max_age < @execution_tstz;
