MACRO generate_surrogate_key(values_, hash_function := 'MD5') AS
@{hash_function}(@REDUCE(
  @EACH(@values_, x -> COALESCE(CAST(x AS TEXT), '_sqlmesh_surrogate_key_null_')), (x, y) -> x || '|' || y));
