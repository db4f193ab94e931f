-- Every value is one of a column of another model; NULL passes.
AUDIT (
  name relationship,
  defaults (to_condition = true, condition = true),
  arguments (column = column, to = model, to_column = target_column, to_condition = target_condition)
);
SELECT *
FROM @this_model
WHERE @column IS NOT NULL
  AND NOT EXISTS (
    SELECT 1
    FROM (SELECT @to_column AS relationship_key FROM @to WHERE @to_condition) AS target
    WHERE target.relationship_key = @column
  )
  AND @condition;
