-- Every value lies between two bounds, of which one may be left out; NULL passes.
AUDIT (
  name accepted_range,
  defaults (min_v = null, max_v = null, inclusive = true, condition = true),
  arguments (column = column, min_v = value, max_v = value, inclusive = flag)
);
SELECT *
FROM @this_model
WHERE (@column < @min_v OR @column > @max_v OR (NOT @inclusive AND (@column = @min_v OR @column = @max_v)))
  AND @condition;
