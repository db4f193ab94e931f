-- The mean lies between two bounds, of which one may be left out; without a value it passes.
AUDIT (
  name mean_in_range,
  defaults (min_v = null, max_v = null, inclusive = true, condition = true),
  arguments (column = number_column, min_v = number, max_v = number, inclusive = flag)
);
SELECT avg(@column) AS mean
FROM @this_model
WHERE @condition
HAVING avg(@column) < @min_v OR avg(@column) > @max_v
    OR (NOT @inclusive AND (avg(@column) = @min_v OR avg(@column) = @max_v));
