MACRO safe_sub(values_) AS
CASE WHEN @AND(@EACH(@values_, x -> x IS NULL)) THEN NULL
     ELSE @REDUCE(@EACH(@values_, x -> COALESCE(x, 0)), (x, y) -> x - y) END;
