-- No value stands in two rows; NULL is no value. Several columns are audited each by itself.
AUDIT (
  name unique_values,
  defaults (condition = true),
  arguments (columns = columns)
);
SELECT @columns, count(*) AS row_count
FROM @this_model
WHERE @any(@columns, @each IS NOT NULL) AND @condition
GROUP BY @columns
HAVING count(*) > 1;
