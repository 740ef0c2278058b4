-- The values that at least two messages carry, numbered from 1: only they can link.
-- reads: trait
-- order: value
SELECT CAST(ROW_NUMBER() OVER (ORDER BY hash) AS BIGINT) AS value, hash, family, n
FROM (
    SELECT hash, MIN(family) AS family, COUNT(*) AS n
    FROM trait
    GROUP BY hash
) AS counted
WHERE n > 1
