-- No text is LIKE one of the patterns; NULL passes.
AUDIT (
  name not_match_like_pattern_list,
  defaults (condition = true),
  arguments (column = text_column, patterns = texts)
);
SELECT * FROM @this_model WHERE @any(@patterns, @column LIKE @each) AND @condition;
