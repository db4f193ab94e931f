-- Every value is a UUID of version 1 to 8, in either letter case; NULL passes.
AUDIT (
  name valid_uuid,
  defaults (condition = true),
  arguments (column = column)
);
SELECT * FROM @this_model WHERE NOT @matches(lower(CAST(@column AS VARCHAR)), '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$') AND @condition;
