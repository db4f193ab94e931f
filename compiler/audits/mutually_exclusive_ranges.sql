-- No range begins before the one before it has ended, or ends before it begins; a bound that is NULL fails.
AUDIT (
  name mutually_exclusive_ranges,
  defaults (partition_clause = null, condition = true),
  arguments (lower_bound_column = column, upper_bound_column = column, partition_clause = columns)
);
WITH ranges AS (
  SELECT
    @lower_bound_column AS lower_bound,
    @upper_bound_column AS upper_bound,
    lead(@lower_bound_column) OVER (
      PARTITION BY @partition_clause ORDER BY @lower_bound_column, @upper_bound_column
    ) AS next_lower_bound
  FROM @this_model
  WHERE @condition
)
SELECT lower_bound, upper_bound, next_lower_bound
FROM ranges
WHERE lower_bound IS NULL OR upper_bound IS NULL OR lower_bound > upper_bound OR upper_bound > next_lower_bound;
