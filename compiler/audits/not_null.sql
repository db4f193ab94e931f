-- No row has NULL in one of the columns.
AUDIT (
  name not_null,
  defaults (condition = true),
  arguments (columns = columns)
);
SELECT * FROM @this_model WHERE @any(@columns, @each IS NULL) AND @condition;
