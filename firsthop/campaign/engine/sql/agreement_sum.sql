-- What a set of agreeing traits is worth: in each view its best, and a quarter of the second (in 4000ths of a bit). The place of a trait within its view is
-- the number of better ones in the set. Claims of a publication (observed = 0) are summed apart.
-- strong: the views with a value of 4 bits or more, as a set, in which a view with a sender's own constant of 11.5 bits or more stands twice; families: those that agree, as a set.
-- reads: agreement, late_trait, view_set
-- with: view_bits = 4.0, alone_bits = 11.5
-- order: late, agreed
SELECT
    late,
    agreed,
    CAST(SUM(observed * damped) AS BIGINT) AS weight,
    CAST(SUM((1 - observed) * damped) AS BIGINT) AS asserted,
    CAST(SUM(1 - observed) AS BIGINT) AS claims,
    BIT_OR(
        CASE WHEN weight >= 1000 * :view_bits THEN observed * view_bit ELSE 0 END
        + CASE WHEN own = 1 AND weight >= 1000 * :alone_bits THEN 1024 * observed * view_bit ELSE 0 END
    ) AS strong,
    BIT_OR(family_bit) AS families
FROM (
    SELECT
        sets.late,
        sets.agreed,
        t.weight,
        CASE BIT_COUNT(sets.agreed & view_set.traits & (t.bit - 1)) WHEN 0 THEN 4 * t.weight WHEN 1 THEN t.weight ELSE 0 END AS damped,
        CAST(POWER(2E0, t.view_number) AS BIGINT) AS view_bit,
        t.observed,
        t.own,
        t.family_bit
    FROM (SELECT DISTINCT late, agreed FROM agreement) AS sets
    JOIN late_trait AS t ON t.seq = sets.late
    JOIN view_set ON view_set.seq = t.seq AND view_set.view_number = t.view_number
    WHERE (sets.agreed & t.bit) <> 0
) AS placed
GROUP BY late, agreed
