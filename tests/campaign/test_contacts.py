"""Recipients against contacts: counts against chance, and one day or several on which
contacts end."""

from __future__ import annotations

import pytest

from firsthop.campaign.causes.contacts import Contact, compare

VICTIMS = [f"v{n}@libero.it" for n in range(4)]


def contacts(victim: str) -> dict[str, Contact]:
    """Sixty contacts of a victim, one every ten days."""
    return {f"c{n}.{victim}": Contact(10 * n, written_to=True) for n in range(60)}


def mail_to(victim: str, before: int, every: int = 2) -> list[tuple[str, str]]:
    """Mail in a victim's name to every second contact of before a day."""
    return [(victim, f"c{n}.{victim}") for n in range(0, 60, every) if 10 * n <= before]


BOOK = {victim: contacts(victim) for victim in VICTIMS}


def test_contacts_of_the_author_beat_chance() -> None:
    pairs = [pair for victim in VICTIMS for pair in mail_to(victim, 600)]
    told = compare(BOOK, pairs)
    assert (told.victims, told.pairs, told.hits, told.authors) == (4, 120, 120, 4)
    assert 20 < told.expected < 40
    assert told.chance < 0.01
    assert compare(BOOK, reversed(pairs)) == told, "the order does not matter"
    assert compare(BOOK, pairs * 3) == told, "a recipient counts once"


def test_strangers_do_not() -> None:
    pairs = [(victim, f"x{n}@example.org") for victim in VICTIMS for n in range(30)]
    told = compare(BOOK, pairs)
    assert (told.hits, told.expected, told.chance) == (0, 0, 1)


def test_contacts_dealt_at_random_do_not() -> None:
    recipients = [recipient for victim in VICTIMS for _, recipient in mail_to(victim, 600)]
    pairs = [(VICTIMS[n % 4], one) for n, one in enumerate(recipients)]
    told = compare(BOOK, pairs)
    assert told.chance > 0.05
    assert abs(told.hits - told.expected) < 10


def test_one_author_alone_tells_nothing_of_chance() -> None:
    told = compare(BOOK, mail_to(VICTIMS[0], 600))
    assert (told.authors, told.chance) == (1, 1)


@pytest.mark.parametrize(
    ("ends", "one", "day"),
    [
        ((300, 300, 300, 300), True, 300),
        ((120, 250, 380, 500), False, None),
        ((600, 600, 600, 600), None, None),
    ],
)
def test_the_day_on_which_contacts_end(
    ends: tuple[int, ...], one: bool | None, day: int | None
) -> None:
    told = compare(
        BOOK,
        [pair for v, end in zip(VICTIMS, ends, strict=True) for pair in mail_to(v, end, every=1)],
    )
    assert (told.one_cut_off, told.cut_off) == (one, day)


def test_undated_contacts_and_a_single_victim_date_no_theft() -> None:
    undated = {v: {a: Contact(in_book=True) for a in BOOK[v]} for v in VICTIMS}
    pairs = [pair for victim in VICTIMS for pair in mail_to(victim, 300)]
    assert compare(undated, pairs).one_cut_off is None
    assert compare({VICTIMS[0]: BOOK[VICTIMS[0]]}, pairs).one_cut_off is None
    assert compare({}, pairs).hits == 0
    assert compare({}, []).pairs == 0


def test_correspondents_need_both_kinds_of_contacts() -> None:
    victim = VICTIMS[0]
    book = {
        victim: {
            "a@x.example": Contact(in_book=True),
            "b@x.example": Contact(1, written_to=True),
            "c@x.example": Contact(2, in_book=True, written_to=True),
        }
    }
    pairs = [(victim, one) for one in book[victim]]
    assert compare(book, pairs).correspondents == (1, 3)
    assert compare(BOOK, mail_to(victim, 600)).correspondents == (0, 0)
