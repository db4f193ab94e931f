-- At least one row has a value; a table without rows passes.
AUDIT (
  name at_least_one,
  defaults (condition = true),
  arguments (column = column)
);
SELECT count(*) AS row_count
FROM @this_model
WHERE @condition
HAVING count(*) > 0 AND count(@column) = 0;
