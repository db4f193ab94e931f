-- The standard deviation (of a sample) lies between two bounds, of which one may be left out; without a value it passes.
AUDIT (
  name stddev_in_range,
  defaults (min_v = null, max_v = null, inclusive = true, condition = true),
  arguments (column = number_column, min_v = number, max_v = number, inclusive = flag)
);
SELECT stddev_samp(@column) AS stddev
FROM @this_model
WHERE @condition
HAVING stddev_samp(@column) < @min_v OR stddev_samp(@column) > @max_v
    OR (NOT @inclusive AND (stddev_samp(@column) = @min_v OR stddev_samp(@column) = @max_v));
