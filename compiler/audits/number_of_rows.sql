-- There are more rows than the threshold.
AUDIT (
  name number_of_rows,
  defaults (condition = true),
  arguments (threshold = number)
);
SELECT count(*) AS row_count FROM @this_model WHERE @condition HAVING count(*) <= @threshold;
