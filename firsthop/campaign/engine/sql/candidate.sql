-- The pairs worth a score: a message of the batch (low <= late < high) and an earlier one that is among the last carriers of a value before it; of those the
-- ones with the most bits, and none with fewer than `least` thousandths. So a value costs a message at most 15 pairs, however many carry it, and a message is
-- compared with 24 others at most.
-- The join on one number made of both sides keeps an optimiser from pairing all carriers of a value first.
-- reads: recent_carrier
-- with: low = 0, high = 9223372036854775807, carriers = 15, candidates = 24, least = 0
-- order: late, early
SELECT late, early
FROM (
    SELECT late, early, ROW_NUMBER() OVER (PARTITION BY late ORDER BY weight DESC, early) AS place
    FROM (
        SELECT l.seq AS late, e.seq AS early, SUM(l.weight) AS weight
        FROM recent_carrier AS l
        CROSS JOIN (
            VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16), (17), (18), (19), (20), (21), (22), (23), (24)
        ) AS back (n)
        JOIN recent_carrier AS e ON e.slot = l.slot - back.n
        WHERE back.n <= :carriers AND l.seq >= :low AND l.seq < :high
        GROUP BY l.seq, e.seq
    ) AS met
    WHERE weight >= :least
) AS ranked
WHERE place <= :candidates
