"""Which elements tell nothing by themselves, and which only say again what another one
said.

A form that a program or platform gives to all its users' mail is never told first, and
no signature consists of forms alone. Of elements that say the same (the domain of a
host, another piece of the same Message-ID, the same words of a text) one is kept.
Sources:    evidence/mailers/profiles (programs off the shelf), shared_hosts.toml
            (platforms), families.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from firsthop.campaign.signature.bitsets import Key, Sample
from firsthop.campaign.similarity.everybodys import is_services_field
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.shared_hosts import shared_host
from firsthop.evidence.mailers.mailer import claimed_profile
from firsthop.evidence.providers.provider import is_some_providers

# how a program writes, and nothing else
_SHAPES = frozenset(
    ("id_shape", "boundary_shape", "local_shape", "structure", "charset", "zone", "relation")
)
# forms of a program, which are the platform's where a platform's servers sent the mail
_FORMS = frozenset(
    (
        "field_order",
        "extra_field",
        "extra_fields",
        "id_repetition",
        "boundary_affix",
        "mailer",
        "toolmark",
    )
)
_SENDERS = frozenset(("helo_domain", "relay_domain", "first_helo", "author_domain", "dkim_key"))
_PLATFORM = frozenset(("provider", "service"))
_PLATFORMS_SHARE = 0.8  # of an element's carriers, that a platform sent
# pieces of one field: the first that is told stands for all
_PIECES = {"id_token": "id", "id_affix": "id", "id_repetition": "id", "id_shape": "id"}
# digits that stand where a program's version was masked: one of each kind of numbering
_VERSIONS = ("5", "10", "15")
_MASK = re.compile(r"\{\w+\}|#")  # of what varies in a text
_LETTER_PAGE = re.compile(r"/?\w\.\w{2,5}")  # a page whose name is one letter
_MASKED = frozenset(("display_name", "subject_template", "mailer"))
# what no message shows, and what another family's element says with fewer words or
# without a condition
NO_ELEMENTS = frozenset(("asserted", "url_only", "author_account"))
_ROLES = frozenset(("relay", "helo", "first_helo"))  # of which each is a fact by itself
_NAMED = frozenset(("field_token", "service_account"))  # the name of whose field or service is told
_LONG = 6  # letters of a word that means something
_TEXTS = frozenset({"passage", "short_text"})
_WORDS = 2  # of these, that one must have
_RUN = 3  # words in a row that two passages share where they overlap
_COMPARED = 4_096  # values that are compared with many others, one after the other
_SHORTEST = 4  # characters of a value that repeats another as a part of it


def forms_among(keys: Sequence[Key], own: Sample, early: int) -> frozenset[Key]:
    """Which elements of a campaign's earlier part are mere forms."""
    platforms = _sent_by_platforms(own, early)
    return frozenset(
        key
        for key in keys
        if is_form(key) or (key[0] in _FORMS and _mostly(own.carriers(key) & early, platforms))
    )


@lru_cache(maxsize=_COMPARED)
def is_form(key: Key) -> bool:
    """Whether an element is a form that many senders' mail has, whoever sent it."""
    family, value = key
    if family in _SHAPES or (family in _MASKED and not _letters(_MASK.sub("", value))):
        return True
    if family == "field_order" and any(map(is_services_field, value.lower().split())):
        return True
    if family in ("url_page", "url_shape") and _LETTER_PAGE.fullmatch(value):
        return True
    if family in ("mailer", "toolmark"):
        return _is_off_the_shelf(value.partition(" | ")[0])
    return family in _TEXTS and sum(len(_letters(w)) >= _LONG for w in value.split()) < _WORDS


def is_writing(key: Key) -> bool:
    """Whether an element is only how a program writes."""
    return key[0] in _FORMS or is_form(key)


def is_providers_address(key: Key) -> bool:
    """Whether it is an address or network of a mail provider, which hands over the mail
    of all its users: it ties messages, and tells nobody's apart."""
    family, value = key
    if family == "client_network":
        value = f"{value}::" if ":" in value else f"{value}.1"
    elif family not in ("client_address", "first_address"):
        return False
    return is_some_providers(value)


def _is_off_the_shelf(program: str) -> bool:
    """Whether anybody can have the program; so can he where none is named."""
    if program == "none" or not _letters(program):
        return True
    versions = (program.replace("#", digits) for digits in _VERSIONS)
    return any(claimed_profile(one) is not None for one in versions)


def _letters(word: str) -> str:
    return "".join(filter(str.isalpha, word))


def _sent_by_platforms(own: Sample, early: int) -> int:
    """The messages of a set that a provider's or sending service's servers sent, or
    whose author stands at one."""
    sent = 0
    for key, _ in own.counts(early):
        if key[0] in _SENDERS and _is_platform(key[1].partition(" ")[0]):
            sent |= own.carriers(key) & early
    return sent


def _is_platform(host: str) -> bool:
    """Whether a host is a platform's, or below one: a customer's project."""
    return any(
        (shared := shared_host(name)) is not None and shared.kind in _PLATFORM
        for name in _parents(host)
    )


def _parents(host: str) -> Iterator[str]:
    labels = host.split(".")[-4:]
    return (".".join(labels[n:]) for n in range(max(1, len(labels) - 1)))


def _mostly(carriers: int, among: int) -> bool:
    n = carriers.bit_count()
    return bool(n) and (carriers & among).bit_count() >= _PLATFORMS_SHARE * n


class Said(NamedTuple):
    """What an element says, as it is compared with others."""

    family: str
    piece: str | Key  # what it is a piece of, or itself
    # in lower case, without the name of the field or service that it belongs to
    value: str
    domain: str | None  # where it is a host


@lru_cache(maxsize=_COMPARED)
def said(key: Key) -> Said:
    """What an element says."""
    family, value = key[0], key[1].lower()
    if family in _NAMED:
        value = value.rpartition(" ")[2].rstrip("=")
    return Said(family, _PIECES.get(family, key), value, registrable_domain(value))


def says_again(other: Said, one: Said) -> bool:
    """Whether `other` says again what `one` said."""
    family, piece, value, domain = one
    its_family, its_piece, again, _ = other
    if family == its_family == "passage":
        return not _runs(one.piece[1]).isdisjoint(_runs(other.piece[1]))
    if family in _ROLES and its_family in _ROLES:
        return False
    if piece == its_piece:
        return True
    if len(value) < _SHORTEST or len(again) < _SHORTEST:
        return False
    return value in again or again in value or domain == again


def repeats(one: Key, other: Key) -> bool:
    """Whether `other` says again what `one` said."""
    return says_again(said(other), said(one))


@lru_cache(maxsize=_COMPARED)
def _runs(passage: str) -> frozenset[tuple[str, ...]]:
    words = passage.split()
    return frozenset(tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1))
