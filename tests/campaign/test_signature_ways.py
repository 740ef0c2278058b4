"""Quick ways of signatures beside the plain ones that they stand for."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from firsthop.campaign.explain.names import CampaignName, Part, _said, _told_apart
from firsthop.campaign.signature.bitsets import Key, members, set_of
from firsthop.campaign.signature.conjunction import _MOST, _NEARLY, Candidate, shortest
from firsthop.campaign.signature.pairs import MOST, Pair, _tell, pairs_among

_KEYS = [
    *(("mailer", "PHPMailer #"), ("mailer", "none"), ("charset", "utf-8"), ("id_token", "abcd")),
    *(("url_host", "a.example.com"), ("url_domain", "example.com"), ("helo", "a.example.com")),
    *(("passage", "hello dear friend of mine"), ("passage", "dear friend of mine")),
    *(("kit_title", "Verify"), ("subject_template", "verify # now"), ("extra_field", "X-Kit")),
]
_PART = (1 << 12) - 1
_candidates = st.lists(st.sampled_from(_KEYS), unique=True, max_size=9).flatmap(
    lambda keys: st.tuples(
        *(
            st.builds(
                Candidate,
                st.just(key),
                st.integers(0, _PART) | st.just(_PART),
                st.just(0) | st.integers(0, 15),
                st.booleans(),
            )
            for key in keys
        )
    )
)


@given(_candidates)
def test_the_shortest_is_that_of_all_sets(candidates: tuple[Candidate, ...]) -> None:
    tried = []
    for size in range(1, _MOST + 1):
        for chosen in combinations(range(len(candidates)), size):
            if any(candidates[n].tells for n in chosen):
                here = there = -1
                for n in chosen:
                    here, there = here & candidates[n].inside, there & candidates[n].outside
                tried.append((there.bit_count(), here.bit_count(), chosen))
    fewest = min(tried, default=(0,))[0]
    clean = [(covered, chosen) for false, covered, chosen in tried if false == fewest]
    best = max(clean, default=(0, ()))[0]
    good = [(len(c), -covered, c) for covered, c in clean if covered >= _NEARLY * best]
    expected = tuple(candidates[n].key for n in min(good)[2]) if good else ()
    assert shortest(candidates) == expected


@given(_candidates)
def test_each_pair_is_the_best_of_all_that_are_left(candidates: tuple[Candidate, ...]) -> None:
    left = [
        (Pair(one.key, other.key), one.inside & other.inside)
        for one, other in combinations(candidates, 2)
        if not one.outside & other.outside and _tell(one, other)
    ]
    least, once, twice = max(2, 0.05 * _PART.bit_count()), 0, 0
    used = Counter[Key]()
    expected: list[Pair] = []
    while left and len(expected) < MOST:
        worth = [
            (inside & ~twice).bit_count() / (1 + 0.5 * (used[pair.first] + used[pair.second]))
            for pair, inside in left
        ]
        pair, inside = left.pop(worth.index(max(worth)))
        if (inside & ~twice).bit_count() < least:
            if inside.bit_count() < least:  # never was one
                continue
            break
        once, twice = once | inside, twice | once & inside
        used.update(pair)
        expected.append(pair)
    assert pairs_among(candidates, _PART) == tuple(expected)


@given(st.sets(st.integers(0, 300), max_size=12))
def test_a_set_has_the_places_that_were_put_in(places: set[int]) -> None:
    assert list(members(set_of(sorted(places)))) == sorted(places)


_names = st.builds(
    CampaignName,
    st.lists(st.builds(Part, st.just("helo"), st.sampled_from("ab")), max_size=4).map(tuple),
    st.booleans(),
    st.sampled_from([None, 0, 90_000, 5_000_000]),
)


@given(st.lists(_names, max_size=20), st.booleans())
def test_no_two_names_are_said_the_same(names: list[CampaignName], exact: bool) -> None:
    told = _told_apart([one._replace(exact=exact) for one in names], "Europe/Rome")
    said = [(_said(one, "Europe/Rome"), one.number) for one in told]
    assert len(set(said)) == len(said)
    for one, other in zip(names, told, strict=True):
        assert other.parts == one.parts[: len(other.parts)]
