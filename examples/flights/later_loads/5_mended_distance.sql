-- The run after it: the same flight once more, with its distance as it should be.
INSERT INTO flights_raw._dlt_loads
SELECT '1795265030.0000005', 'flights', 0, max(inserted_at) + INTERVAL 1 HOUR, max(schema_version_hash) FROM flights_raw._dlt_loads;

UPDATE flights_raw.flights
SET distance = 1400, _dlt_load_id = '1795265030.0000005', _dlt_id = 'load5/flight01'
WHERE carrier = 'UA' AND flight = 1545 AND origin = 'EWR' AND year = 2013 AND month = 1 AND day = 1;
