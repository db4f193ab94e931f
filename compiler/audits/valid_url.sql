-- Every text begins with http://, https:// or ftp:// and holds no space; NULL passes.
AUDIT (
  name valid_url,
  defaults (condition = true),
  arguments (column = text_column)
);
SELECT * FROM @this_model WHERE NOT @matches(@column, '^(https?|ftp)://[^\s/$.?#][^\s]*$') AND @condition;
