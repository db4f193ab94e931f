-- What a later run of the pipeline leaves behind: a complete load that merged one flight anew, with an impossible distance.
INSERT INTO flights_raw._dlt_loads
SELECT '1795265020.0000004', 'flights', 0, max(inserted_at) + INTERVAL 1 HOUR, max(schema_version_hash) FROM flights_raw._dlt_loads;

UPDATE flights_raw.flights
SET distance = -1, _dlt_load_id = '1795265020.0000004', _dlt_id = 'load4/flight01'
WHERE carrier = 'UA' AND flight = 1545 AND origin = 'EWR' AND year = 2013 AND month = 1 AND day = 1;
