-- The families that each message has, as a set of bits.
-- reads: trait, family
-- order: seq
SELECT trait.seq, BIT_OR(family.bit) AS families
FROM trait
JOIN family ON family.number = trait.family
GROUP BY trait.seq
