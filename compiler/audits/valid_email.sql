-- Every text has the form of an e-mail address; NULL passes.
AUDIT (
  name valid_email,
  defaults (condition = true),
  arguments (column = text_column)
);
SELECT * FROM @this_model WHERE NOT @matches(@column, '^[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9.-]+$') AND @condition;
