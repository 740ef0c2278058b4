-- What each set of disagreeing families costs (in 4000ths of a bit): in every view its worst, the views from the worst on damped by a half each.
-- reads: disagreement, family
-- order: families
SELECT families, CAST(SUM(CASE place WHEN 1 THEN 4 * weight WHEN 2 THEN 2 * weight WHEN 3 THEN weight ELSE 0 END) AS BIGINT) AS weight
FROM (
    SELECT families, weight, ROW_NUMBER() OVER (PARTITION BY families ORDER BY weight, view_number) AS place
    FROM (
        SELECT sets.families, family.view_number, MIN(CAST(ROUND(1000 * family.against) AS BIGINT)) AS weight
        FROM (SELECT DISTINCT families FROM disagreement) AS sets
        JOIN family ON (sets.families & family.bit) <> 0
        GROUP BY sets.families, family.view_number
    ) AS worst
) AS placed
GROUP BY families
