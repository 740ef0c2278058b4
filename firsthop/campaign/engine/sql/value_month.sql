-- How many messages of each month carry a shared value, and the rank of the month: 1 is the value's busiest.
-- reads: shared_trait, sequence
-- order: value, place
SELECT value, month, n, CAST(ROW_NUMBER() OVER (PARTITION BY value ORDER BY n DESC, month) AS BIGINT) AS place
FROM (
    SELECT shared_trait.value, sequence.month, COUNT(*) AS n
    FROM shared_trait
    JOIN sequence ON sequence.seq = shared_trait.seq
    GROUP BY shared_trait.value, sequence.month
) AS counted
