-- Every text has exactly so many characters; NULL passes.
AUDIT (
  name string_length_equal,
  defaults (condition = true),
  arguments (column = text_column, v = number)
);
SELECT * FROM @this_model WHERE length(@column) <> @v AND @condition;
