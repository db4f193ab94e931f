-- No two rows agree in all of the columns; NULL agrees with NULL.
AUDIT (
  name unique_combination_of_columns,
  defaults (condition = true),
  arguments (columns = columns)
);
SELECT @columns, count(*) AS row_count
FROM @this_model
WHERE @condition
GROUP BY @columns
HAVING count(*) > 1;
