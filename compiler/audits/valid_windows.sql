-- Of the versions of a row, each ends after it begins, and none begins before the one before it ends. An end that is
-- NULL is open.
AUDIT (
  name valid_windows,
  defaults (condition = true),
  arguments (columns = columns, valid_from = column, valid_to = column)
);
SELECT *
FROM (
  SELECT *, lead(@valid_from) OVER (PARTITION BY @columns ORDER BY @valid_from) AS next_valid_from
  FROM @this_model
  WHERE @condition
) AS versions
WHERE @valid_to <= @valid_from OR next_valid_from < @valid_to OR (next_valid_from IS NOT NULL AND @valid_to IS NULL);
