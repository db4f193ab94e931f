-- The newest time in a column is no older than an interval; a table without rows is not fresh.
AUDIT (
  name freshness,
  defaults (condition = true)
);
SELECT max(@column) AS newest
FROM @this_model
WHERE @condition
HAVING max(@column) IS NULL OR max(@column) + @max_age < @execution_tstz;
