-- The number of rows grew and shrank by no more than these shares of what is served; where nothing is served it passes.
AUDIT (
  name row_count_change,
  defaults (max_decrease = null, max_increase = null, condition = true),
  arguments (max_decrease = share, max_increase = number)
);
SELECT count(*) AS row_count, (SELECT count(*) FROM @served_model WHERE @condition) AS served_row_count
FROM @this_model
WHERE @condition
HAVING count(*) < (1 - @max_decrease) * (SELECT count(*) FROM @served_model WHERE @condition)
    OR count(*) > (1 + @max_increase) * (SELECT count(*) FROM @served_model WHERE @condition);
