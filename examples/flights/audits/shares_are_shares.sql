-- A share lies between 0 and 1.
AUDIT (name shares_are_shares);

SELECT *
FROM @this_model
WHERE @column NOT BETWEEN 0 AND 1;
