-- In how many campaigns a shared value occurs: a campaign counts once, however many messages it sent.
-- reads: shared_trait, holding
-- order: value
SELECT value, COUNT(*) AS n_campaigns
FROM (
    SELECT DISTINCT shared_trait.value, holding.holder
    FROM shared_trait
    JOIN holding ON holding.seq = shared_trait.seq
) AS once
GROUP BY value
