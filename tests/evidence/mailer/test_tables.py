"""Every mailer table is its own test: an example lacks exactly the marks it says, and
the program it names is that of its table."""

from __future__ import annotations

import pytest

from firsthop.evidence.facts import establish
from firsthop.evidence.mailers.mailer import PROFILES, Profile, claimed_profile
from firsthop.evidence.mailers.marks import VIEWS
from firsthop.evidence.mailers.rewriting import REWRITERS, TABLE
from firsthop.evidence.mailers.traces import Traces
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers

EXAMPLES = [(profile, example) for profile in PROFILES.values() for example in profile.examples]
SAMPLES = [
    (rewriter, sample)
    for rewriter, entry in zip(REWRITERS, TABLE["rewriter"], strict=True)
    for sample in entry["samples"]
]


def header(text: str) -> Traces:
    facts = establish(
        read_mail(raw_mail(text.encode() + b"\n", "example.eml", "eml")), OwnServers()
    )
    return facts.mailer_traces


@pytest.mark.parametrize(
    ("profile", "example"), EXAMPLES, ids=[f"{p.key}-{i}" for i, (p, _) in enumerate(EXAMPLES)]
)
def test_an_example_lacks_exactly_the_marks_it_says(
    profile: Profile, example: dict[str, object]
) -> None:
    found = header(str(example["header"]))
    assert [mark for view in VIEWS for mark in profile.read(view, found).lacking] == example[
        "fails"
    ]


@pytest.mark.parametrize(
    ("profile", "example"), EXAMPLES, ids=[f"{p.key}-{i}" for i, (p, _) in enumerate(EXAMPLES)]
)
def test_the_program_that_an_example_names_is_that_of_its_table(
    profile: Profile, example: dict[str, object]
) -> None:
    mailer = header(str(example["header"])).mailer
    claiming = [p.key for p in PROFILES.values() if p.claims and p.claims.search(mailer)]
    assert claiming == ([profile.key] if profile.claims and mailer else [])
    assert claimed_profile(mailer) is (profile if claiming else None)


def test_every_table_has_an_example_that_lacks_nothing_and_one_that_lacks_something() -> None:
    whole = {p.key for p, example in EXAMPLES if not example["fails"]}
    lacking = {p.key for p, example in EXAMPLES if example["fails"]}
    assert sorted(set(PROFILES) - whole) == [], "no [[example]] that has every mark"
    assert sorted(set(PROFILES) - lacking) == [], "no [[example]] that lacks a mark"


@pytest.mark.parametrize(("rewriter", "sample"), SAMPLES)
def test_a_rewriter_knows_its_samples(rewriter: object, sample: str) -> None:
    assert rewriter.was_here(header(sample))  # type: ignore[attr-defined]


def test_the_words_of_a_rewriter_stand_in_whatever_its_pattern_matches() -> None:
    """A text without them is not searched."""
    with_words = [one for one in REWRITERS if one.words]
    assert with_words
    for one in with_words:
        assert one.pattern is not None
        assert not one.pattern.flags
        for way in one.pattern.pattern.split("|"):
            assert any(word in way.replace("\\", "") for word in one.words), (one.name, way)
