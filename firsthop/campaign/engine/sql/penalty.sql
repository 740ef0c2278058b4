-- What each set of disagreeing families costs: in every view its worst (in 4000ths of a bit).
-- reads: disagreement, family
-- order: families
SELECT families, CAST(SUM(weight) AS BIGINT) AS weight
FROM (
    SELECT sets.families, family.view_number, MIN(CAST(ROUND(4000 * family.against) AS BIGINT)) AS weight
    FROM (SELECT DISTINCT families FROM disagreement) AS sets
    JOIN family ON (sets.families & family.bit) <> 0
    GROUP BY sets.families, family.view_number
) AS worst
GROUP BY families
