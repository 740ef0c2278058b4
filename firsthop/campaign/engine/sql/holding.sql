-- The campaign that each message counts for, named by its first message: a message of no campaign counts for itself.
-- reads: sequence, member, campaign
-- with: level = 'campaign'
-- order: seq
SELECT sequence.seq, MIN(sequence.seq) OVER (PARTITION BY COALESCE(held.campaign, sequence.id)) AS holder
FROM sequence
LEFT JOIN (
    SELECT member.msg, MIN(member.campaign) AS campaign
    FROM member
    JOIN campaign ON campaign.id = member.campaign
    WHERE campaign.level = :level
    GROUP BY member.msg
) AS held ON held.msg = sequence.id
