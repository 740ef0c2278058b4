"""A case that knows more names than are looked for one by one: all are found, as they
stand and rotated; and a server that is called by a word is nobody's machine."""

from __future__ import annotations

import pytest

from firsthop.evidence.people import Person
from firsthop.publication.redaction.canonical import FEW, STRETCH, Words, atoms_at
from firsthop.publication.redaction.known import HostSeen, Known, Sources, known_of
from firsthop.publication.redaction.levels import LEVELS
from firsthop.publication.redaction.scan.lookup import ROTATIONS, Allowed, Lookup
from firsthop.publication.redaction.scan.view import View
from firsthop.settings import OwnServers

DIGITS = "abcdefghij"
NAMES = [
    (f"gius{DIGITS[n // 10 % 10]}{DIGITS[n % 10]}", f"verdi{DIGITS[n // 100]}lo")
    for n in range(3 * FEW)
]


def known(own: OwnServers = OwnServers(), host: str = "mail") -> Known:  # noqa: B008 - a constant
    people = [
        Person("recipient", f"{first}{last}@a.example", f"{first} {last}") for first, last in NAMES
    ]
    hosts = [HostSeen(host, own=True, claimed=False, network=None)]
    return known_of(Sources(people, hosts, own, ()), LEVELS["CLEAR"], frozenset({"mail"}))


@pytest.fixture(scope="module")
def lookup() -> Lookup:
    return Lookup(known(), Allowed(frozenset(), frozenset()))


def test_many_names_are_found_as_they_stand(lookup: Lookup) -> None:
    text = "\n".join(f"seen: {first}-{last}, of whom\n nothing" for first, last in NAMES)
    assert [hit.text for hit in lookup.known_in(View(text))] == [
        f"{first}-{last}" for first, last in NAMES
    ]


@pytest.mark.parametrize("n", [5, 13])
def test_many_names_are_found_rotated(lookup: Lookup, n: int) -> None:
    text = "\n".join(f"{first} {last} 1".translate(ROTATIONS[n]) for first, last in NAMES)
    found = [hit for hit in lookup.turned_in(View(text)) if hit.encoding == f"rot{n}"]
    assert [hit.text for hit in found] == [f"{first} {last}" for first, last in NAMES]


def test_first_names_apart_from_their_second_ones_are_no_names(lookup: Lookup) -> None:
    text = "\n".join(f"{first} x {last}".translate(ROTATIONS[13]) for first, last in NAMES)
    assert not [hit for hit in lookup.turned_in(View(text)) if hit.encoding == "rot13"]


def test_atoms_are_found_alike_one_by_one_and_in_one_pass() -> None:
    text = "ab abc_ab ab\nxab cab ab" * 3
    assert list(atoms_at(text, {"ab"})) == list(atoms_at(text, {"ab", *map(str, range(FEW))}))
    assert list(atoms_at("ab cab_ab", {"ab"})) == [(0, "ab"), (7, "ab")]


def test_words_stand_side_by_side_over_stretches() -> None:
    text = "a" * STRETCH + "\nbb\n" + "c" * STRETCH + "\ndd ee"
    words = Words(text)
    assert {"bb", "dd", "ee"} < words.words
    assert words.met({f"bb {'c' * STRETCH}", "dd ee", "ee dd"}) == {
        f"bb {'c' * STRETCH}",
        "dd ee",
    }


@pytest.mark.parametrize(
    ("host", "names", "is_own"),
    [
        ("mail", (), False),  # the bulletin says it
        ("localhost", (), False),
        ("mail", ("mail",), True),  # the operator named it
        ("mx7", (), True),
        ("mail.inside.example", (), True),
    ],
)
def test_a_server_called_by_a_word_is_nobodys(
    host: str, names: tuple[str, ...], is_own: bool
) -> None:
    told = known(OwnServers(frozenset(names)), host)
    assert told.is_own(host) is is_own
    assert told.own_among({host}) == ({host} if is_own else set())


def test_hosts_below_the_operators_domain_are_his() -> None:
    told = known(OwnServers(frozenset({".inside.example"})))
    names = {"a.inside.example", "inside.example", "b.example"}
    assert told.own_among(names) == {one for one in names if told.is_own(one)}


@pytest.mark.parametrize(
    ("person", "found"),
    [
        (Person("link", "giulia.verdi"), True),  # no host for the dot in it
        (Person("login", "giulia.verdi"), True),
        (Person("recipient", "giulia.verdi"), True),  # of a server that writes no domain
        (Person("link", ":shop.example.com"), False),
        (Person("link", "shop.example.com@192.0.2.7"), False),  # what a link feigns to lead to
    ],
)
def test_what_stands_for_somebody_without_a_domain_is_found(person: Person, found: bool) -> None:
    hosts = [HostSeen("shop.example.com", own=False, claimed=False, network=None)]
    one = known_of(Sources([person], hosts, OwnServers(), ()), LEVELS["CLEAR"], frozenset())
    text = (person.value or "").partition("@")[0]
    seen = list(Lookup(one, Allowed(frozenset(), frozenset())).known_in(View(f"see {text} here")))
    assert [hit.kind for hit in seen] == ([person.kind] if found else [])


@pytest.mark.parametrize("claimed", [True, False])
def test_no_claim_makes_a_host_of_somebody(claimed: bool) -> None:
    """Whatever the sender says in HELO or writes as a domain."""
    hosts = [HostSeen("giulia.verdi", own=False, claimed=claimed, network=None)]
    people = [Person("link", "giulia.verdi"), Person("author", "x@giulia.verdi")]
    one = known_of(Sources(people, hosts, OwnServers(), ()), LEVELS["CLEAR"], frozenset())
    assert "giuliaverdi" in one.alone


def test_no_value_makes_a_name_a_public_one() -> None:
    """A recipient stays hidden where a link says a name with a dot in it."""
    people = [Person("recipient", "verdi@a.example"), Person("link", "verdi.html")]
    one = known_of(Sources(people, (), OwnServers(), ()), LEVELS["CLEAR"], frozenset())
    assert "verdi" in one.alone
