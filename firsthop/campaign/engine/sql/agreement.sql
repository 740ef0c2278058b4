-- What both messages of a pair carry: the set of the later one's traits that the earlier one has too.
-- reads: candidate, late_trait, early_trait
-- order: late, early
SELECT candidate.late, candidate.early, BIT_OR(l.bit) AS agreed
FROM candidate
JOIN late_trait AS l ON l.seq = candidate.late
JOIN early_trait AS e ON e.trait = candidate.early * 4294967296 + l.value
GROUP BY candidate.late, candidate.early
