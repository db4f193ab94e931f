-- Every text matches one of the regular expressions; NULL passes.
AUDIT (
  name match_regex_pattern_list,
  defaults (condition = true),
  arguments (column = text_column, patterns = texts)
);
SELECT * FROM @this_model WHERE @all(@patterns, NOT @matches(@column, @each)) AND @condition;
