-- The traits of the messages of the batch (low <= seq < high), with what their families say.
-- reads: ranked_trait, family
-- with: low = 0, high = 9223372036854775807
-- order: seq, bit
SELECT
    ranked_trait.seq,
    ranked_trait.value,
    ranked_trait.weight,
    ranked_trait.bit,
    family.view_number,
    family.bit AS family_bit,
    family.observed,
    family.own
FROM ranked_trait
JOIN family ON family.number = ranked_trait.family
WHERE ranked_trait.seq >= :low AND ranked_trait.seq < :high
