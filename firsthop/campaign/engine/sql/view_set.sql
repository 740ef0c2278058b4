-- Which traits of a message belong to a view, as a set.
-- reads: late_trait
-- order: seq, view_number
SELECT seq, view_number, BIT_OR(bit) AS traits
FROM late_trait
GROUP BY seq, view_number
