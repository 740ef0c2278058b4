"""The trust boundary under attack: a sender who writes HELO, reverse-path, every field
and every line below the hand-over wins nothing."""

from __future__ import annotations

import pytest

from benchmarks.attacks import HELOS, receivers, search
from firsthop.evidence.authentication import trusted_results as belief
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.path.receiver import RECEIVERS
from firsthop.evidence.path.receiving import Receiving
from firsthop.evidence.received.dialects import DIALECTS
from firsthop.evidence.received.hop import Hop

TRIED = 4_000

pytestmark = pytest.mark.slow


def test_no_combination_wins_anything() -> None:
    wins, shown = search(TRIED)
    assert (
        dict(wins),
        [(name, what, data.decode("utf-8", "replace")) for name, what, data in shown],
    ) == ({}, [])


def test_the_search_covers_dialects_and_receivers() -> None:
    names = {to.name.partition("/")[0] for to in receivers()}
    assert len(names & DIALECTS.keys()) >= 30
    assert len(names & RECEIVERS.keys()) >= 20
    assert len(HELOS) >= 40


def test_the_search_finds_a_boundary_that_slides(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rule of old (no client, or a private one, is one of ours) the same
    search wins."""
    strict = Receiving.leads_on

    def sliding(self: Receiving, hop: Hop) -> bool:
        inside = hop.client_address is None or space_of(hop.client_address) is Space.INSIDE
        return inside or strict(self, hop)

    monkeypatch.setattr(Receiving, "leads_on", sliding)
    wins, _ = search(1_000)
    assert wins["the hand-over moved"] > 0
    assert wins["authorised"] > 0


def test_the_search_finds_a_result_that_is_believed_too_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(belief, "_is_receivers_own", lambda *_: True)
    wins, _ = search(1_000)
    assert wins.total() > 0
