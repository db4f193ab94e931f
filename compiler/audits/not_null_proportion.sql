-- The share of rows that are not NULL is above the threshold; a table without rows fails.
AUDIT (
  name not_null_proportion,
  defaults (condition = true),
  arguments (column = column, threshold = share)
);
SELECT count(*) AS row_count, count(@column) AS not_null_count
FROM @this_model
WHERE @condition
HAVING count(@column) <= count(*) * @threshold;
