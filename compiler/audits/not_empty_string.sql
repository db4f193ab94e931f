-- No text is empty; NULL passes.
AUDIT (
  name not_empty_string,
  defaults (condition = true),
  arguments (column = text_column)
);
SELECT * FROM @this_model WHERE @column = '' AND @condition;
