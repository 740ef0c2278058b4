-- For each pair, what speaks for it and the opposing families that both messages have and in which they share no value, as a set.
-- reads: agreement, agreement_sum, family_set, family
-- order: late, early
SELECT
    agreement.late,
    agreement.early,
    agreement_sum.weight,
    agreement_sum.asserted,
    agreement_sum.claims,
    CAST(BIT_COUNT(agreement_sum.strong) AS BIGINT) AS views,
    l.families & e.families & ~agreement_sum.families & opposing.families AS families
FROM agreement
JOIN agreement_sum ON agreement_sum.late = agreement.late AND agreement_sum.agreed = agreement.agreed
JOIN family_set AS l ON l.seq = agreement.late
JOIN family_set AS e ON e.seq = agreement.early
CROSS JOIN (SELECT COALESCE(BIT_OR(bit), 0) AS families FROM family WHERE against < 0) AS opposing
