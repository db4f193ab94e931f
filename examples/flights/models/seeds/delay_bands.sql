MODEL (
  name flights_marts.delay_bands,
  kind SEED (path '../../seeds/delay_bands.csv'),
  columns (band integer, from_minutes integer, to_minutes integer, label text),
  grain (band),
  audits (
    not_null(columns := (from_minutes, to_minutes, label)),
    bands_do_not_overlap
  ),
  description 'How late is late: bands of arrival delay, in minutes, both ends included'
);
