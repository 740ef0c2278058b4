-- The values of each message, compact: numbers in the place of texts. Rows of families that are not in table family are left out.
-- reads: feature, sequence, family
-- order: seq, hash
SELECT sequence.seq, feature.hash, family.number AS family
FROM feature
JOIN sequence ON sequence.id = feature.msg
JOIN family ON family.family = feature.family
