-- There are at least two different values; NULL is no value, so that a table without rows fails.
AUDIT (
  name not_constant,
  defaults (condition = true),
  arguments (column = column)
);
SELECT count(DISTINCT @column) AS value_count
FROM @this_model
WHERE @condition
HAVING count(DISTINCT @column) <= 1;
