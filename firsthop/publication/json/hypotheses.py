"""The JSON of the weighed causes: `hypotheses.json` of a case. A contract that is
extended and never broken."""

from __future__ import annotations

from collections.abc import Iterable

from firsthop.judgement.hypotheses.schema import HYPOTHESIS
from firsthop.judgement.hypotheses.weighed import WeighedQuestion
from firsthop.publication.json.values import Object
from firsthop.publication.json.writer import writer

HYPOTHESES = "hypotheses.json"

_hypothesis_object = writer(HYPOTHESIS)


def hypotheses_object(hypotheses: Iterable[WeighedQuestion]) -> list[Object]:
    """The questions of a case, weighed."""
    return [_hypothesis_object(one) for one in hypotheses]
