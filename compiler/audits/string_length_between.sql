-- Every text has so many characters, from one bound to the other, of which one may be left out; NULL passes.
AUDIT (
  name string_length_between,
  defaults (min_v = null, max_v = null, inclusive = true, condition = true),
  arguments (column = text_column, min_v = number, max_v = number, inclusive = flag)
);
SELECT *
FROM @this_model
WHERE (length(@column) < @min_v OR length(@column) > @max_v
       OR (NOT @inclusive AND (length(@column) = @min_v OR length(@column) = @max_v)))
  AND @condition;
