-- The messages in the order in which they are gathered: by arrival, then time (messages without one last), then id.
-- seq from 1; month: blocks of 30 days since 1970, -1 without a time; domain: the author's domain where the receiver authenticated it.
-- reads: message
-- order: seq
SELECT
    id,
    CAST(ROW_NUMBER() OVER (ORDER BY arrival, CASE WHEN ts IS NULL THEN 1 ELSE 0 END, ts, id) AS BIGINT) AS seq,
    COALESCE(CAST(FLOOR(ts / 2592000E0) AS BIGINT), -1) AS month,
    authenticated_domain AS domain
FROM message
