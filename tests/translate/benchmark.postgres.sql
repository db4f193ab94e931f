-- Queries in the manner of TPC-H and TPC-DS, written for these tests in PostgreSQL's SQL; see benchmark.duckdb.sql.

-- Whole-number averages, as PostgreSQL divides.
SELECT x.store, sum(x.qty) / count(*) AS whole, sum(x.price) / count(*) AS exact, sum(x.qty)::numeric / count(*) AS share
FROM shop.sales AS x
GROUP BY x.store
ORDER BY x.store;

-- The newest sale of every customer; NULL coupons come first going down.
SELECT DISTINCT ON (cust) cust, sale, day, coupon
FROM shop.sales
ORDER BY cust, coupon DESC, day DESC, sale;

-- Brands by how many customers bought them, leaving out those that complained.
SELECT p.brand, count(DISTINCT x.cust) AS customers
FROM shop.sales AS x JOIN shop.part AS p ON p.p_key = x.item
WHERE p.pname !~ '[37]$' AND x.sale NOT IN (SELECT sale FROM shop.refunds WHERE sale IS NOT NULL)
GROUP BY p.brand
ORDER BY customers DESC, p.brand;

-- Items sold in both years and never in the third.
SELECT item FROM shop.sales WHERE extract(year FROM day) = 2000
INTERSECT
SELECT item FROM shop.sales WHERE extract(year FROM day) = 2001
EXCEPT
SELECT item FROM shop.sales WHERE extract(year FROM day) = 2002 AND qty > 7
ORDER BY item;

-- Cumulative sales of two channels side by side, days of either.
WITH a AS (SELECT day, sum(sum(price)) OVER (ORDER BY day) AS total FROM shop.sales WHERE store = 1 GROUP BY day),
b AS (SELECT day, sum(sum(price)) OVER (ORDER BY day) AS total FROM shop.sales WHERE store = 2 GROUP BY day)
SELECT coalesce(a.day, b.day) AS day, a.total AS first, b.total AS second,
       max(a.total) OVER (ORDER BY coalesce(a.day, b.day) ROWS UNBOUNDED PRECEDING) AS first_so_far
FROM a FULL JOIN b ON a.day = b.day
ORDER BY 1;

-- A calendar of months, with those without a sale.
WITH RECURSIVE months(month) AS (
  SELECT DATE '2000-01-01'
  UNION ALL
  SELECT (month + INTERVAL '1 month')::date FROM months WHERE month < DATE '2002-12-01'
)
SELECT m.month, count(x.sale) AS n, coalesce(sum(x.price), 0) AS total, to_char(m.month, 'YYYY-MM') AS label
FROM months AS m LEFT JOIN shop.sales AS x ON date_trunc('month', x.day) = m.month
GROUP BY m.month
ORDER BY m.month;

-- The two dearest sales of every store, from a lateral subquery.
SELECT s.s_name, top.sale, top.worth
FROM shop.store AS s
LEFT JOIN LATERAL (
  SELECT x.sale, x.qty * x.price AS worth FROM shop.sales AS x WHERE x.store = s.s_key ORDER BY worth DESC, x.sale LIMIT 2
) AS top ON true
ORDER BY s.s_name, top.worth DESC, top.sale;

-- Quartiles and spread of prices by state.
SELECT s.state,
       percentile_cont(0.25) WITHIN GROUP (ORDER BY x.price::double precision) AS low,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY x.price::double precision) AS middle,
       percentile_disc(0.75) WITHIN GROUP (ORDER BY x.qty) AS high,
       stddev_samp(x.qty) AS spread, corr(x.qty, x.price) AS together
FROM shop.sales AS x JOIN shop.store AS s ON s.s_key = x.store
GROUP BY s.state
ORDER BY s.state;

-- Subtotals with their level, the grand total last.
SELECT CASE WHEN grouping(s.state) = 1 THEN 'all' ELSE s.state END AS state, extract(quarter FROM x.day) AS quarter,
       sum(x.price - x.cost) AS margin, count(x.coupon) AS coupons, grouping(s.state, extract(quarter FROM x.day)) AS level
FROM shop.sales AS x JOIN shop.store AS s ON s.s_key = x.store
GROUP BY GROUPING SETS ((s.state, extract(quarter FROM x.day)), (s.state), ())
ORDER BY level, 1, 2;

-- Days until goods came back, in weeks and days, and how each refund stands among those of its month.
SELECT r.sale, (r.day - x.day) / 7 AS weeks, (r.day - x.day) % 7 AS days,
       percent_rank() OVER (PARTITION BY date_trunc('month', r.day) ORDER BY r.amount, r.sale) AS place,
       r.amount < ALL (SELECT o.amount FROM shop.refunds AS o WHERE o.sale <> r.sale AND o.day = r.day) AS least_of_day
FROM shop.refunds AS r JOIN shop.sales AS x USING (sale)
ORDER BY r.sale, weeks, days;

-- Names of what each customer bought, once each, and how many more there are.
SELECT c.name, string_agg(DISTINCT p.pname, ', ' ORDER BY p.pname) AS parts, count(*) - count(DISTINCT p.pname) AS again,
       array_to_string(array_agg(x.qty ORDER BY x.day, x.sale), '/') AS quantities, bool_or(x.coupon IS NULL) AS full_price
FROM shop.customer AS c JOIN shop.sales AS x ON x.cust = c.c_key JOIN shop.part AS p ON p.p_key = x.item
WHERE c.name ILIKE 'customer#%' AND c.segment SIMILAR TO '(BUILD|MACHIN)%'
GROUP BY c.c_key, c.name
ORDER BY c.name;
