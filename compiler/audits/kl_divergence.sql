-- The divergence of two columns (symmetric: the sum of both directions) does not exceed the threshold; NULL is left out.
-- A value that only one of them has counts there as half a row.
AUDIT (
  name kl_divergence,
  defaults (condition = true),
  arguments (source_column = column, target_column = column, threshold = number)
);
WITH counts AS (
  SELECT value, sum(in_source) AS in_source, sum(in_target) AS in_target
  FROM (
    SELECT @source_column AS value, 1 AS in_source, 0 AS in_target
    FROM @this_model
    WHERE @source_column IS NOT NULL AND @condition
    UNION ALL
    SELECT @target_column AS value, 0 AS in_source, 1 AS in_target
    FROM @this_model
    WHERE @target_column IS NOT NULL AND @condition
  ) AS both_columns
  GROUP BY value
), shares AS (
  SELECT
    CASE WHEN in_source = 0 THEN 5e-1 ELSE 1e0 * in_source END / nullif(sum(in_source) OVER (), 0) AS p,
    CASE WHEN in_target = 0 THEN 5e-1 ELSE 1e0 * in_target END / nullif(sum(in_target) OVER (), 0) AS q
  FROM counts
)
SELECT sum((p - q) * ln(p / q)) AS divergence FROM shares HAVING sum((p - q) * ln(p / q)) > @threshold;
