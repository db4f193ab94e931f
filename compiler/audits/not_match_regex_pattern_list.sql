-- No text matches one of the regular expressions; NULL passes.
AUDIT (
  name not_match_regex_pattern_list,
  defaults (condition = true),
  arguments (column = text_column, patterns = texts)
);
SELECT * FROM @this_model WHERE @any(@patterns, @matches(@column, @each)) AND @condition;
