-- Every text is LIKE one of the patterns; NULL passes.
AUDIT (
  name match_like_pattern_list,
  defaults (condition = true),
  arguments (column = text_column, patterns = texts)
);
SELECT * FROM @this_model WHERE @all(@patterns, @column NOT LIKE @each) AND @condition;
