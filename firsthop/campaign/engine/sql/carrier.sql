-- The carriers of each value that is rare and telling enough to propose a pair, or that a publication asserts, in their order: slot is the value and the
-- carrier's place in one number.
-- reads: ranked_trait, value_weight, family
-- with: rarest = 0.02, bits = 5.0
-- order: slot
SELECT
    ranked_trait.value,
    ranked_trait.seq,
    ranked_trait.weight,
    ranked_trait.value * 4294967296 + ROW_NUMBER() OVER (PARTITION BY ranked_trait.value ORDER BY ranked_trait.seq) AS slot
FROM ranked_trait
JOIN value_weight ON value_weight.value = ranked_trait.value
JOIN family ON family.number = ranked_trait.family
WHERE (value_weight.p <= :rarest AND value_weight.weight >= 1000 * :bits) OR (family.observed = 0 AND value_weight.weight > 0)
