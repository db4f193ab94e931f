-- No value is one of a list; NULL passes.
AUDIT (
  name not_accepted_values,
  defaults (condition = true),
  arguments (column = column, is_in = list)
);
SELECT * FROM @this_model WHERE @column IN (@is_in) AND @condition;
