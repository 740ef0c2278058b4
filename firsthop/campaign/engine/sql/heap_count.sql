-- The whole heap: its messages, its campaigns (a message of none is its own), the distinct author domains that the receiver authenticated.
-- reads: holding, sequence
-- order: n
SELECT COUNT(*) AS n, COUNT(DISTINCT holding.holder) AS n_campaigns, COUNT(DISTINCT sequence.domain) AS n_domains
FROM sequence
JOIN holding ON holding.seq = sequence.seq
