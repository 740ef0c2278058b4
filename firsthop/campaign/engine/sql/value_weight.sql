-- The frozen weight of each shared value, in whole thousandths of a bit: sums are then equal on every engine, in whatever order they are made.
-- A value without a weight tells nothing.
-- reads: shared_value, weight
-- order: value
SELECT shared_value.value, weight.p, CAST(ROUND(1000 * weight.bits) AS BIGINT) AS weight
FROM shared_value
JOIN weight ON weight.hash = shared_value.hash
