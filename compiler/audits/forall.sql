-- Every row meets all of the criteria; a criterion that is NULL is met.
AUDIT (
  name forall,
  defaults (condition = true),
  arguments (criteria = conditions)
);
SELECT * FROM @this_model WHERE @any(@criteria, NOT @each) AND @condition;
