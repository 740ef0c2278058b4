-- The traits of the earlier messages of the candidates.
-- reads: candidate, ranked_trait
-- order: trait
SELECT ranked_trait.trait
FROM ranked_trait
JOIN (SELECT DISTINCT early FROM candidate) AS met ON met.early = ranked_trait.seq
