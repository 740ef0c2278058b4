-- The scored pairs. a is the later message, b the earlier; bits: what they share less what speaks against it; views that
-- hold a value of 4 bits or more, one with a sender's own constant of 11.5 bits or more twice; asserted: bits of shared claims, and their number. Pairs under `tau` bits are left out, unless they share two claims.
-- reads: disagreement, penalty, sequence
-- with: tau = 18.0
-- order: late, early
SELECT
    late.seq AS late,
    early.seq AS early,
    late.id AS a,
    early.id AS b,
    CAST(d.weight + COALESCE(penalty.weight, 0) AS DOUBLE) / 4000 AS bits,
    d.views,
    CAST(d.asserted AS DOUBLE) / 4000 AS asserted,
    d.claims
FROM disagreement AS d
LEFT JOIN penalty ON penalty.families = d.families
JOIN sequence AS late ON late.seq = d.late
JOIN sequence AS early ON early.seq = d.early
WHERE d.weight + d.asserted + COALESCE(penalty.weight, 0) >= 4000 * :tau OR d.claims > 1
