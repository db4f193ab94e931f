MACRO haversine_distance(lat1, lon1, lat2, lon2, unit := 'mi') AS
7922 * ASIN(SQRT(
  POWER(SIN(RADIANS((@lat2 - @lat1) / 2)), 2)
  + COS(RADIANS(@lat1)) * COS(RADIANS(@lat2)) * POWER(SIN(RADIANS((@lon2 - @lon1) / 2)), 2)))
* @IF(@unit = 'mi', 1.0, @IF(@unit = 'km', 1.60934, @ERROR('the unit of a distance is ''mi'' or ''km''')));
