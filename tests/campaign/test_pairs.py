"""What finds the mail of a campaign: weights of which a view counts once, a threshold
that no single element reaches, and pairs for the waves that changed the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from firsthop.campaign.background import Background
from firsthop.campaign.features.record import Feature, MessageFeatures
from firsthop.campaign.signature.atoms import TOLD, Elsewhere
from firsthop.campaign.signature.bitsets import Key, Sample, Values, members
from firsthop.campaign.signature.conjunction import Candidate
from firsthop.campaign.signature.match import match
from firsthop.campaign.signature.pairs import MOST, Pair, pairs_among
from firsthop.campaign.signature.signature import Signature, learn
from firsthop.campaign.signature.weighing import added, scores
from firsthop.publication.bulletin.document import Block, Document, Paragraph, Section
from firsthop.publication.bulletin.render import visible, words
from firsthop.publication.bulletin.sections.elements_of import elements_of, pairs_of
from firsthop.publication.formats.html import html
from firsthop.publication.formats.markdown import markdown
from firsthop.publication.json.campaigns import read_signature, signature_object
from firsthop.publication.json.explanations import match_object

HOST = ("url_host", "pay.example")
KIT = ("kit_names", "box pay wrap")
SUBJECT = ("subject_template", "your parcel waits")
TOKEN = ("id_token", "Y9ADdP")
SHAPE = ("id_shape", "h28 @other")
FIELDS = ("field_order", "From To Subject X-Kit #1")
RELATION = ("relation", "the HELO ends in a name that no registry has")
CENTRE = ("author_domain", "parcels.example")
WEIGHTS = {HOST: 8.0, ("url_path", "pay.example/a"): 6.0, ("url_token", "a"): 4.0, KIT: 5.0}


def learned(members: Sequence[set[Key]], others: Sequence[set[Key]] = ()) -> Signature:
    """The signature of a campaign beside 400 other messages; `others` are among those
    that it is learned on."""
    mail: list[Values] = [frozenset({("mailer", f"other {n}")}) for n in range(400)]
    for n, one in enumerate(others):
        mail[2 * n] = frozenset(one)
    learned_on = sum(1 << n for n in range(0, len(mail), 2))
    elsewhere = Elsewhere(Sample(mail), learned_on, ((1 << len(mail)) - 1) ^ learned_on)
    signature = next(learn("ca-1", Sample(members), elsewhere, Background()))
    assert signature.form == "any"
    return signature


def candidate(key: Key, inside: int, outside: int = 0, tells: bool = True) -> Candidate:
    return Candidate(key, inside, outside, tells)


def text_of(block: Block, language: str) -> str:
    assert isinstance(block, Paragraph)
    return words(block, language, visible, visible)


def test_a_view_counts_once() -> None:
    assert added(WEIGHTS, WEIGHTS) == 8 + 0.25 * 6 + 5
    assert added(WEIGHTS, [HOST]) == 8
    assert added(WEIGHTS, []) == 0


def test_messages_are_weighed_alike_one_by_one_and_all_at_once() -> None:
    mail = [{HOST, KIT}, {KIT}, {SUBJECT}, set(WEIGHTS), {KIT}]
    scored = scores(WEIGHTS, Sample(mail), 0b11111)
    assert {place: bits for bits, alike in scored for place in members(alike)} == {
        place: added(WEIGHTS, [key for key in WEIGHTS if key in one])
        for place, one in enumerate(mail)
        if one & WEIGHTS.keys()
    }
    assert (5.0, 0b10010) in scored, "the same elements, weighed together"
    assert scores(WEIGHTS, Sample(mail), 0b00010) == [(5.0, 0b10)]


def test_no_element_finds_a_message_alone() -> None:
    signature = learned([{HOST, KIT, SUBJECT, TOKEN} for _ in range(10)])
    for key in (HOST, KIT, SUBJECT, TOKEN):
        assert not signature.matches(frozenset({key}))
    assert signature.tested == (4, 4)


def test_a_pair_finds_the_wave_that_changed_the_rest() -> None:
    """Other mail with two elements of one kit sets the threshold above what is left."""
    early = [{HOST, KIT, SUBJECT, TOKEN, CENTRE} for _ in range(6)]
    late: list[set[Key]] = [{TOKEN, HOST} for _ in range(4)]
    signature = learned([*early, *late], [{TOKEN, KIT, SUBJECT}])
    assert signature.score(frozenset(late[0])) < signature.threshold
    assert signature.tested == (4, 4)
    assert signature.pair(frozenset(late[0])) in signature.pairs
    assert replace(signature, pairs=()).matches(frozenset(late[0])) is False
    assert not signature.matches(frozenset({TOKEN, KIT, SUBJECT})), "met in other mail"


def test_the_part_that_is_held_back_makes_no_pair() -> None:
    early = [{HOST, KIT} for _ in range(6)]
    signature = learned([*early, *({TOKEN, SUBJECT} for _ in range(4))])
    assert {key for pair in signature.pairs for key in pair} <= {HOST, KIT}
    assert signature.tested == (0, 4)


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (candidate(HOST, 0b1111), candidate(KIT, 0b1111), True),
        (candidate(HOST, 0b1111), candidate(SHAPE, 0b1111, tells=False), True),
        (candidate(HOST, 0b0011), candidate(KIT, 0b1100), False),  # no message has both
        (candidate(HOST, 0b0011), candidate(KIT, 0b1110), False),  # one alone has
        (candidate(HOST, 0b1111, 0b1), candidate(KIT, 0b1111, 0b1), False),  # other mail, too
        (candidate(HOST, 0b1111, 0b01), candidate(KIT, 0b1111, 0b10), True),
        # forms alone, and how a program writes, of one view
        (candidate(SHAPE, 0b1111, tells=False), candidate(RELATION, 0b1111, tells=False), False),
        (candidate(FIELDS, 0b1111), candidate(SHAPE, 0b1111, tells=False), False),
        (candidate(FIELDS, 0b1111), candidate(RELATION, 0b1111, tells=False), True),
        # the second says again what the first said
        (candidate(HOST, 0b1111), candidate(("url_path", "pay.example/a"), 0b1111), False),
    ],
)
def test_what_a_pair_may_be(one: Candidate, other: Candidate, told: bool) -> None:
    assert pairs_among([one, other], 0b1111) == ((Pair(one.key, other.key),) if told else ())


def test_each_message_is_found_twice_and_then_no_more() -> None:
    keys = [HOST, KIT, SUBJECT, TOKEN, CENTRE]
    everywhere = [candidate(key, (1 << 20) - 1) for key in keys]
    pairs = pairs_among(everywhere, (1 << 20) - 1)
    assert pairs == ((HOST, KIT), (SUBJECT, TOKEN))


def test_pairs_are_few_and_none_is_for_one_message() -> None:
    """Forty waves of two messages each, and forty of one."""
    waves = [candidate(("url_host", f"w{n}.example"), 0b11 << 2 * n) for n in range(40)]
    seals = [candidate(("kit_title", f"wave {n}"), 0b11 << 2 * n) for n in range(40)]
    assert pairs_among([*waves, *seals], (1 << 80) - 1) == ()
    assert len(pairs_among([*waves, *seals], 0b11)) <= MOST
    lone = [candidate(key, 0b1) for key in (HOST, KIT)]
    assert pairs_among(lone, 0b1) == ()


def test_more_is_kept_to_find_mail_by_than_is_told() -> None:
    hosts: set[Key] = {("url_host", f"{letter}{n}.example") for n in range(4) for letter in "ab"}
    texts: set[Key] = {("kit_comment", f"part {n} of the kit") for n in range(8)}
    tokens: set[Key] = {("extra_field", f"x-kit-{n}") for n in range(8)}
    signature = learned([hosts | texts | tokens for _ in range(10)])
    assert signature.told == len(signature.telling) <= TOLD < len(signature.atoms)
    for family in ("url_host", "kit_comment", "extra_field"):
        told = [one for one in signature.telling if one.family == family]
        assert len(told) == 3 < sum(one.family == family for one in signature.atoms)


def test_a_match_says_by_which_pair() -> None:
    early = [{HOST, KIT, SUBJECT, TOKEN, CENTRE} for _ in range(6)]
    signature = learned([*early, *early[:4]], [{TOKEN, KIT, SUBJECT}])
    features = tuple(Feature(*key, None, None) for key in (TOKEN, HOST))
    mail = MessageFeatures("id", "a.eml", 0, "<x@y>", None, None, None, None, features)
    (found,) = match(signature, [mail])
    assert found.bits < found.threshold
    assert found.pair is not None
    assert set(found.pair) == {TOKEN, HOST}
    told = match_object(found)["pair"]
    assert {(one["family"], one["value"]) for one in told} == {TOKEN, HOST}


def test_pairs_go_through_json_and_back_and_may_be_missing() -> None:
    signature = learned([{HOST, KIT, TOKEN} for _ in range(10)])
    assert signature.pairs
    table = json.loads(json.dumps(signature_object(signature)))
    assert read_signature(table) == signature
    del table["pairs"]  # as cases before had it
    assert read_signature(table) == replace(signature, pairs=())


def test_the_bulletin_tells_pairs_and_no_person() -> None:
    signature = replace(
        learned([{HOST, KIT, TOKEN, CENTRE} for _ in range(10)]),
        pairs=(Pair(SUBJECT, HOST), Pair(TOKEN, HOST), Pair(TOKEN, KIT)),
    )
    assert pairs_of(signature) == [Pair(TOKEN, HOST), Pair(TOKEN, KIT)]
    *_, last = elements_of(signature)
    assert "pairs of elements" in text_of(last, "en")
    assert "coppie di elementi" in text_of(last, "it")
    for language in ("en", "it"):
        assert "your parcel" not in text_of(last, language)


def test_a_hostile_pair_stays_text() -> None:
    hostile = ("url_token", "`|<script>x</script>\n# head")
    signature = replace(
        learned([{HOST, TOKEN, CENTRE} for _ in range(10)]), pairs=(Pair(hostile, HOST),)
    )
    blocks = tuple(elements_of(signature))
    document = Document(None, "CLEAR", (), (Section("title.campaigns", blocks),))
    assert "<script>x" not in html(document, "en", "1")
    assert "\n# head" not in markdown(document, "en", "1")
    assert "pair of elements" in markdown(document, "en", "1")
