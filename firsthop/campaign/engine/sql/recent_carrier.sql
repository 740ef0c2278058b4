-- The carriers that the messages of the batch (low <= seq < high) meet: themselves and the last ones before them.
-- reads: carrier
-- with: low = 0, high = 9223372036854775807, carriers = 15
-- order: slot
SELECT carrier.seq, carrier.weight, carrier.slot
FROM carrier
JOIN (
    SELECT value, MIN(slot) AS first_slot, MAX(slot) AS last_slot
    FROM carrier
    WHERE seq >= :low AND seq < :high
    GROUP BY value
) AS met ON met.value = carrier.value
WHERE carrier.slot >= met.first_slot - :carriers AND carrier.slot <= met.last_slot
