MACRO safe_div(numerator, denominator) AS @numerator / NULLIF(@denominator, 0);
