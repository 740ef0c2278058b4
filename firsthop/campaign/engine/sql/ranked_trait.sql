-- The shared traits of each message with their weights, ranked: place 1 tells most. Of a message the 62 most telling are compared, so that a set of them is
-- one whole number with a bit for each. trait: message and value in one number.
-- reads: shared_trait, value_weight
-- order: seq, place
SELECT seq, value, family, weight, place, CAST(POWER(2E0, place - 1) AS BIGINT) AS bit, seq * 4294967296 + value AS trait
FROM (
    SELECT
        shared_trait.seq,
        shared_trait.value,
        shared_trait.family,
        value_weight.weight,
        CAST(ROW_NUMBER() OVER (PARTITION BY shared_trait.seq ORDER BY value_weight.weight DESC, shared_trait.value) AS BIGINT) AS place
    FROM shared_trait
    JOIN value_weight ON value_weight.value = shared_trait.value
) AS ranked
WHERE place <= 62
ORDER BY seq
