-- The scored pairs, by the places of their messages in the sequence. bits: what they share less what speaks against it; views that
-- hold a value of 4 bits or more, one with a sender's own constant of 11.5 bits or more twice; asserted: bits of shared claims, and their number. Pairs under `tau` bits are left out, unless they share two claims.
-- reads: disagreement, penalty
-- with: tau = 18.0
-- order: late, early
SELECT
    d.late,
    d.early,
    CAST(d.weight + COALESCE(penalty.weight, 0) AS DOUBLE) / 4000 AS bits,
    d.views,
    CAST(d.asserted AS DOUBLE) / 4000 AS asserted,
    d.claims
FROM disagreement AS d
LEFT JOIN penalty ON penalty.families = d.families
WHERE d.weight + d.asserted + COALESCE(penalty.weight, 0) >= 4000 * :tau OR d.claims > 1
