-- What columns refer to is there: their values stand in a row of another model. NULL refers to nothing.
AUDIT (
  name relationships,
  defaults (condition = true),
  arguments (columns = columns, to = model, to_columns = target_column)
);
SELECT *
FROM @this_model
WHERE @all(@columns, @each IS NOT NULL)
  AND (@columns) NOT IN (SELECT @to_columns FROM @to WHERE @all(@to_columns, @each IS NOT NULL))
  AND @condition;
