-- A delay must fall into one band only.
AUDIT (name bands_do_not_overlap);

SELECT
  a.band,
  b.band AS other_band
FROM @this_model AS a
JOIN @this_model AS b
  ON a.band < b.band AND a.from_minutes <= b.to_minutes AND b.from_minutes <= a.to_minutes;
