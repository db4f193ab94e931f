-- There are as many rows as in another model.
AUDIT (
  name equal_row_count,
  defaults (to_condition = true, condition = true),
  arguments (to = model, to_condition = target_condition)
);
SELECT count(*) AS row_count, (SELECT count(*) FROM @to WHERE @to_condition) AS other_row_count
FROM @this_model
WHERE @condition
HAVING count(*) <> (SELECT count(*) FROM @to WHERE @to_condition);
