-- What is counted of each shared value: the grounds of its weight.
-- n messages and n_campaigns carry it, in so many months; busiest_share: of its messages, in its busiest months; outside_share: of all mail outside them;
-- n_authenticated of its messages have an authenticated author, in n_domains distinct domains; background_n messages of the background carry it, a share
-- of the `background` messages it has.
-- reads: shared_value, family, value_time, value_domain, value_campaign, background_stat
-- with: background = 0
-- order: hash
SELECT
    v.hash,
    family.family,
    v.n,
    value_campaign.n_campaigns,
    value_time.months,
    CAST(value_time.n_busiest AS DOUBLE) / v.n AS busiest_share,
    value_time.outside_share,
    COALESCE(value_domain.n_authenticated, 0) AS n_authenticated,
    COALESCE(value_domain.n_domains, 0) AS n_domains,
    COALESCE(known.n, 0) AS background_n,
    CAST(COALESCE(known.n, 0) AS DOUBLE) / GREATEST(1, :background) AS background_share
FROM shared_value AS v
JOIN family ON family.number = v.family
JOIN value_time ON value_time.value = v.value
JOIN value_campaign ON value_campaign.value = v.value
LEFT JOIN value_domain ON value_domain.value = v.value
LEFT JOIN (
    SELECT hash, CAST(SUM(n) AS BIGINT) AS n
    FROM background_stat
    GROUP BY hash
) AS known ON known.hash = v.hash
