-- In how many distinct authenticated author domains a shared value occurs, and in how many authenticated messages.
-- reads: shared_trait, sequence
-- order: value
SELECT value, CAST(SUM(n) AS BIGINT) AS n_authenticated, COUNT(*) AS n_domains
FROM (
    SELECT shared_trait.value, sequence.domain, COUNT(*) AS n
    FROM shared_trait
    JOIN sequence ON sequence.seq = shared_trait.seq
    WHERE sequence.domain IS NOT NULL
    GROUP BY shared_trait.value, sequence.domain
) AS counted
GROUP BY value
