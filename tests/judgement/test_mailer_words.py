"""What the mailer checks say has words in every language: marks, views, corpora."""

from __future__ import annotations

import pytest

from firsthop.evidence.mailers.mailer import PROFILES
from firsthop.judgement.rates.mailer_rates import RATES
from firsthop.publication.words import LANGUAGES, WORDS

SAYS = ("consistent", "contradicted", "rewritten")


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_views_and_corpora_have_words(language: str) -> None:
    needed = {
        f"mark.{mark.name}"
        for p in PROFILES.values()
        if p.claims
        for view in p.marks.values()
        for mark in view
    }
    needed |= {
        f"mailer.{view}_{says}" for view in ("boundary", "fields", "order") for says in SAYS
    } | {"mailer.looks_like"}
    needed |= {f"corpus.{rate.corpus}" for rate in RATES.values()}
    assert needed - set(WORDS[language]) == set()
