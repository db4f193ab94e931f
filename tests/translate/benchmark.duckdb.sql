-- Queries in the manner of TPC-H and TPC-DS, written for these tests in DuckDB's SQL. A statement ends with a semicolon at
-- the end of a line; its tree is printed for DuckDB and for PostgreSQL, and both have to give equal rows.

-- The cheapest part of every brand, by a correlated subquery.
SELECT p.brand, p.pname, p.price
FROM shop.part AS p
WHERE p.price = (SELECT min(q.price) FROM shop.part AS q WHERE q.brand = p.brand)
ORDER BY ALL;

-- Late lines by status: counts under a condition, and their share.
SELECT o.status,
       count(*) FILTER (WHERE o.priority IN ('1-URGENT', '2-HIGH')) AS high,
       count_if(o.priority NOT IN ('1-URGENT', '2-HIGH')) AS low,
       high / (high + low) AS share
FROM shop.orders AS o JOIN shop.lineitem AS l USING (o_key)
WHERE l.commitdate < l.shipdate AND l.shipdate >= DATE '1994-01-01' AND l.shipdate < DATE '1994-01-01' + INTERVAL 2 YEAR
GROUP BY o.status
ORDER BY o.status;

-- The parts with the highest revenue of a quarter.
WITH revenue AS (
  SELECT part, sum(price * (1 - discount)) AS total, date_trunc('quarter', shipdate) AS quarter
  FROM shop.lineitem
  GROUP BY ALL
)
SELECT r.quarter, p.pname, r.total
FROM revenue AS r JOIN shop.part AS p ON p.p_key = r.part
WHERE r.total = (SELECT max(total) FROM revenue AS other WHERE other.quarter = r.quarter)
ORDER BY r.quarter, p.pname;

-- Orders of a large quantity, and who made them.
SELECT c.name, o.o_key, o.odate, o.total, sum(l.qty) AS quantity
FROM shop.customer AS c JOIN shop.orders AS o ON c.c_key = o.cust JOIN shop.lineitem AS l ON l.o_key = o.o_key
WHERE o.o_key IN (SELECT o_key FROM shop.lineitem GROUP BY o_key HAVING sum(qty) > 90)
GROUP BY ALL
ORDER BY o.total DESC, o.odate, o.o_key
LIMIT 20;

-- Customers with a balance above the average who never ordered, by the last digit of their name.
SELECT right(c.name, 1) AS code, count(*) AS n, sum(c.acctbal) AS balance
FROM shop.customer AS c
WHERE c.acctbal > (SELECT avg(acctbal) FROM shop.customer WHERE acctbal > 0)
  AND NOT EXISTS (SELECT 1 FROM shop.orders AS o WHERE o.cust = c.c_key)
GROUP BY code
ORDER BY code;

-- The three best items of every state, and those of all states, by a rank over a rollup.
SELECT s.state, x.item, sum(x.qty * x.price) AS sales,
       rank() OVER (PARTITION BY s.state ORDER BY sum(x.qty * x.price) DESC) AS place
FROM shop.sales AS x JOIN shop.store AS s ON x.store = s.s_key
GROUP BY ROLLUP (s.state, x.item)
QUALIFY place <= 3
ORDER BY s.state NULLS FIRST, place, x.item NULLS FIRST;

-- Sales of a store by the day of the week, as columns.
SELECT s.s_name,
       sum(CASE WHEN dayofweek(x.day) = 0 THEN x.price END) AS sunday,
       sum(CASE WHEN dayofweek(x.day) BETWEEN 1 AND 5 THEN x.price END) AS workdays,
       sum(CASE WHEN isodow(x.day) = 6 THEN x.price END) AS saturday,
       round(avg(x.price), 4) AS average
FROM shop.sales AS x JOIN shop.store AS s ON x.store = s.s_key
GROUP BY ALL
ORDER BY ALL;

-- Month over month, with the change in hundredths.
WITH monthly AS (
  SELECT store, date_trunc('month', day) AS month, sum(price) AS total
  FROM shop.sales GROUP BY store, month
)
SELECT store, month, total, lag(total) OVER w AS before,
       round(100 * (total - lag(total) OVER w) / nullif(lag(total) OVER w, 0), 6) AS change,
       date_diff('month', lag(month) OVER w, month) AS months_apart
FROM monthly
WINDOW w AS (PARTITION BY store ORDER BY month)
ORDER BY store, month;

-- Islands of days with sales: a gap of more than 20 days starts a new one.
WITH days AS (SELECT DISTINCT store, day FROM shop.sales),
marked AS (
  SELECT store, day, CASE WHEN day - lag(day) OVER (PARTITION BY store ORDER BY day) <= 20 THEN 0 ELSE 1 END AS starts
  FROM days
),
numbered AS (SELECT store, day, sum(starts) OVER (PARTITION BY store ORDER BY day) AS island FROM marked)
SELECT store, island, min(day) AS first_day, max(day) AS last_day, count(*) AS days, max(day) - min(day) + 1 AS span
FROM numbered GROUP BY ALL ORDER BY ALL;

-- Half of all sales come from how many customers.
WITH totals AS (SELECT cust, sum(price * qty) AS spent FROM shop.sales GROUP BY cust),
running AS (
  SELECT cust, spent, sum(spent) OVER (ORDER BY spent DESC, cust) AS so_far, sum(spent) OVER () AS everything FROM totals
)
SELECT count(*) AS customers, max(so_far) AS reached, count(*) * 100 // (SELECT count(*) FROM totals) AS percent
FROM running WHERE so_far - spent < everything / 2;

-- What came back, by item: quantities of both, a left join, and the ratio where there is one.
SELECT x.item, sum(x.qty) AS sold, coalesce(sum(r.qty), 0) AS returned,
       round(coalesce(sum(r.qty), 0) / sum(x.qty), 6) AS ratio,
       max(x.qty) FILTER (WHERE r.sale IS NOT NULL) AS largest
FROM shop.sales AS x LEFT JOIN shop.refunds AS r ON r.sale = x.sale AND r.day >= x.day
GROUP BY x.item
HAVING sold > 10
ORDER BY ratio DESC, x.item;
