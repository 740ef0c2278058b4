-- How a shared value lies in time: the months it is seen in, and how many of its messages stand in the busiest of them.
-- outside_share: its share of all mail outside those. A burst has 0 there; what is always around keeps its share.
-- reads: value_month, month_total, sequence
-- with: busiest = 3
-- order: value
SELECT
    value,
    months,
    n_busiest,
    CASE WHEN n_heap > n_heap_busiest THEN CAST(n - n_busiest AS DOUBLE) / (n_heap - n_heap_busiest) ELSE 0E0 END AS outside_share
FROM (
    SELECT
        value_month.value,
        CAST(SUM(CASE WHEN value_month.month >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS months,
        CAST(SUM(value_month.n) AS BIGINT) AS n,
        CAST(SUM(CASE WHEN value_month.place <= :busiest THEN value_month.n ELSE 0 END) AS BIGINT) AS n_busiest,
        CAST(SUM(CASE WHEN value_month.place <= :busiest THEN month_total.n ELSE 0 END) AS BIGINT) AS n_heap_busiest,
        MAX(heap.n) AS n_heap
    FROM value_month
    JOIN month_total ON month_total.month = value_month.month
    CROSS JOIN (SELECT COUNT(*) AS n FROM sequence) AS heap
    GROUP BY value_month.value
) AS summed
