"""Weighs the causes of a case: measures its messages, adds what the analyst states, and
hands both to `judgement.hypotheses`. Nothing else enters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from firsthop.campaign.causes.measure import measured
from firsthop.campaign.causes.outside import NOTHING_COUNTED, OutsideCounts
from firsthop.campaign.causes.scope import Scope, scope_of
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.case_file import CaseFile
from firsthop.judgement.hypotheses.finding import Count, Findings
from firsthop.judgement.hypotheses.weigh import weigh_all
from firsthop.judgement.hypotheses.weighed import WeighedQuestion
from firsthop.statements import QUESTIONS


def weigh(
    summaries: Sequence[MessageSummary],
    case_file: CaseFile,
    outside: OutsideCounts = NOTHING_COUNTED,
    domains: Counter[str] | None = None,
) -> tuple[WeighedQuestion, ...]:
    """The questions about causes, weighed over these messages; none where no provider
    stands out whose users they claim to come from. `domains` are those of the authors,
    where they were counted."""
    scope = scope_of(summaries, case_file, domains)
    if scope is None:
        return ()
    return weigh_all(findings_of(summaries, scope, case_file, outside))


def findings_of(
    summaries: Sequence[MessageSummary],
    scope: Scope,
    case_file: CaseFile,
    outside: OutsideCounts = NOTHING_COUNTED,
) -> Findings:
    """What is weighed: the counts of the mail, and the statements. A count goes before
    a statement of the same thing."""
    stated = {one.key: Count(one.k, one.n, one.grade, one.source) for one in case_file.statements}
    counted = measured(summaries, scope, case_file, outside)
    collected = case_file.collected_by
    return Findings(
        {**stated, **counted},
        len(scope.members),
        scope.named if collected is None else collected == "author_domain",
        _priors(case_file),
    )


def _priors(case_file: CaseFile) -> Mapping[str, Mapping[str, float]]:
    """The priors that the case file has, by question and answer."""
    return {
        question: dict(zip(QUESTIONS[question], values, strict=True))
        for question, values in case_file.priors
    }
