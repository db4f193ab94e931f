-- No value is further from the mean than so many standard deviations; NULL passes.
AUDIT (
  name z_score,
  defaults (condition = true),
  arguments (column = number_column, threshold = number)
);
SELECT *
FROM @this_model
WHERE abs(@column - (SELECT avg(@column) FROM @this_model WHERE @condition))
        > @threshold * (SELECT nullif(stddev_samp(@column), 0) FROM @this_model WHERE @condition)
  AND @condition;
