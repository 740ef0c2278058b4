"""Every family of features has a treatment, so that a new one cannot slip through."""

from itertools import pairwise

from firsthop.publication.redaction.campaigns import untreated
from firsthop.publication.redaction.levels import LEVELS, SHOWS


def test_every_family_is_treated() -> None:
    assert list(untreated()) == []


def test_a_wider_level_never_shows_more() -> None:
    levels = list(LEVELS.values())
    for narrow, wide in pairwise(levels):
        for what in SHOWS:
            assert getattr(narrow, what) >= getattr(wide, what), (narrow.tlp, wide.tlp, what)
