-- What columns refer to is there: their values stand in a row of another model. NULL refers to nothing.
AUDIT (
  name relationships,
  defaults (to_condition = true, condition = true),
  arguments (columns = columns, to = model, to_columns = target_column, to_condition = target_condition)
);
SELECT *
FROM @this_model AS this_model
WHERE @all(@columns, @each IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1
    FROM (SELECT @to_columns FROM @to WHERE @to_condition) AS target
    WHERE @same(@columns, @to_columns)
  )
  AND @condition;
