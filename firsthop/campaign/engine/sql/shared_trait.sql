-- The traits whose value others carry too.
-- reads: trait, shared_value
-- order: seq, value
SELECT trait.seq, shared_value.value, trait.family
FROM trait
JOIN shared_value ON shared_value.hash = trait.hash
