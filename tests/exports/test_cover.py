"""The conjunctions of a campaign: what they find, what they must not find, and what is
counted of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from firsthop.campaign.background import Background, Source, Stat
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.record import feature_hash
from firsthop.campaign.signature.bitsets import Key, Values
from firsthop.campaign.signature.cover import BLOCK, HUNT, Cover, OtherMail, cover
from firsthop.campaign.signature.signature import CEILING

MARKS: tuple[Key, ...] = (
    ("mailer", "KitMailer #"),
    ("relation", "subject = local part of the author"),
    ("url_domain", "landing.example"),
    ("helo", "shop.example"),
)


def _of(*keys: Key) -> Values:
    return frozenset(keys)


def _noise(seed: int) -> Values:
    drawn = random.Random(seed)
    return frozenset(
        {("zone", str(drawn.choice((0, 60, 120)))), ("charset", drawn.choice(("utf-8", "x")))}
        | {("author_address", f"person{seed}@example.org")}
    )


def _background(messages: int = 10_000, **stats: int) -> Background:
    counted = {
        feature_hash(family, value): Stat(k, 1, 1)
        for name, k in stats.items()
        for family, value in MARKS
        if family == name
    }
    return Background((Source("b", "b", messages, 100, counted),))


def _learned(
    members: Sequence[Values], other: Sequence[Values], background: Background | None = None
) -> Cover | None:
    return cover(members, OtherMail(other, background or _background()), lambda _: True, BLOCK)


def test_two_marks_of_two_views_tell_a_campaign() -> None:
    members = [_of(*MARKS) | _noise(n) for n in range(30)]
    found = _learned(members, [_noise(100 + n) for n in range(200)])
    assert found is not None
    assert found.found == (30, 30)
    assert found.tested == (12, 12)
    assert found.other == (0, 200)
    one, other = found.clauses
    assert set(one.elements).isdisjoint(other.elements), "what finds a message may be changed"


def test_one_view_alone_blocks_nothing_and_is_hunted() -> None:
    marks = (("helo", "shop.example"), ("relay", "relay.example"), ("first_address", "192.0.2.1"))
    members = [_of(*marks) | _noise(n) for n in range(30)]
    other = OtherMail([_noise(100 + n) for n in range(200)], _background())
    narrow = {key[0] for key in marks}
    assert cover(members, other, lambda key: key[0] in narrow, BLOCK) is None
    assert cover(members, other, lambda key: key[0] in narrow, HUNT) is not None


def test_what_other_mail_of_the_case_has_too_blocks_nothing() -> None:
    members = [_of(*MARKS[:2]) | _noise(n) for n in range(30)]
    other = [_noise(100 + n) | (_of(*MARKS[:2]) if n % 9 == 0 else _of()) for n in range(200)]
    found = _learned(members, other)
    assert found is None or found.other[0] == 0


def test_every_seed_keeps_the_promise_of_blocking() -> None:
    """Whatever the heap: no clause finds other mail, is over the ceiling, or stands on
    one view."""
    for seed in range(60):
        drawn = random.Random(seed)
        pool = [(family, str(n)) for family in sorted(FAMILIES) for n in range(2)]
        pool = [key for key in pool if key[0] != "asserted"]
        marks = drawn.sample(pool, 6)
        members = [
            frozenset(drawn.sample(marks, drawn.randint(2, 6)) + drawn.sample(pool, 4))
            for _ in range(drawn.choice((3, 8, 25)))
        ]
        other = [frozenset(drawn.sample(pool, 12)) for _ in range(drawn.choice((0, 5, 80)))]
        found = _learned(members, other)
        if found is None:
            continue
        assert found.other == (0, len(other))
        for clause in found.clauses:
            assert clause.expected <= CEILING
            assert len({FAMILIES[family].view for family, _ in clause.elements}) > 1
            assert not any(set(clause.elements) <= one for one in other)
        hit = sum(any(set(c.elements) <= one for c in found.clauses) for one in members)
        assert found.found == (hit, len(members))


def test_a_mark_that_is_common_elsewhere_is_not_used() -> None:
    members = [_of(*MARKS[:2]) for _ in range(30)]
    common = _background(mailer=4_000, relation=4_000)
    assert _learned(members, [_noise(n) for n in range(50)], common) is None


def test_a_rarer_background_lets_through_what_a_common_one_does_not() -> None:
    members = [_of(*MARKS[:2]) for _ in range(30)]
    rare = _learned(members, [], _background(mailer=2, relation=2))
    assert rare is not None
    assert _learned(members, [], _background(mailer=200, relation=900)) is None


def test_without_any_other_mail_nothing_is_claimed() -> None:
    members = [_of(*MARKS) for _ in range(30)]
    assert _learned(members, [], Background()) is None


def test_a_published_source_counts_what_it_left_out() -> None:
    background = Background(
        (
            Source("private", "", 1_000, 10, {}),
            Source("published", "", 2_000, 10, {}, published=True),
        )
    )
    assert background.at_most("mailer", 1) == (1, 3_000)
    assert background.at_most("passage", 1) == (0, 1_000)


def test_a_campaign_of_two_kits_takes_two_clauses() -> None:
    first = [_of(MARKS[0], MARKS[1]) | _noise(n) for n in range(20)]
    second = [_of(MARKS[2], MARKS[3]) | _noise(50 + n) for n in range(20)]
    mixed = [one for pair in zip(first, second, strict=True) for one in pair]
    found = _learned(mixed, [_noise(100 + n) for n in range(200)])
    assert found is not None
    assert found.found == (40, 40)
    assert len(found.clauses) == 2
