-- Every text is a method of HTTP in upper case; NULL passes.
AUDIT (
  name valid_http_method,
  defaults (condition = true),
  arguments (column = text_column)
);
SELECT *
FROM @this_model
WHERE @column NOT IN ('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT') AND @condition;
