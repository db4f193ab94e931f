-- Two columns depend on each other (or do not) by the chi-square statistic and a critical value; rows with NULL in one are left out.
AUDIT (
  name chi_square,
  defaults (dependent = true, condition = true),
  arguments (column_a = column, column_b = column, critical_value = number, dependent = flag)
);
WITH cells AS (
  SELECT @column_a AS value_a, @column_b AS value_b, count(*) AS observed
  FROM @this_model
  WHERE @column_a IS NOT NULL AND @column_b IS NOT NULL AND @condition
  GROUP BY @column_a, @column_b
), totals AS (
  SELECT
    value_a,
    value_b,
    1e0 * observed AS observed,
    1e0 * sum(observed) OVER (PARTITION BY value_a) AS total_a,
    1e0 * sum(observed) OVER (PARTITION BY value_b) AS total_b,
    1e0 * sum(observed) OVER () AS total
  FROM cells
), statistic AS (
  SELECT
    (count(DISTINCT value_a) - 1) * (count(DISTINCT value_b) - 1) AS degrees_of_freedom,
    max(total) * (sum(observed / total_a * observed / total_b) - 1) AS chi_square
  FROM totals
)
SELECT degrees_of_freedom, chi_square
FROM statistic
WHERE (@dependent AND chi_square <= @critical_value) OR (NOT @dependent AND chi_square > @critical_value);
