-- How many messages each month has.
-- reads: sequence
-- order: month
SELECT month, COUNT(*) AS n
FROM sequence
GROUP BY month
