"""Words that are nobody's name: what the publications themselves say in every language,
the names of mail programs, providers and receivers. Somebody may be called so; a
bulletin cannot do without the word."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.schema.cluster import CLUSTER
from firsthop.evidence.mailers.mailer import PROFILES
from firsthop.evidence.path.receiver import RECEIVERS
from firsthop.evidence.providers.provider import PROVIDERS
from firsthop.evidence.schema.vocabulary import Listed, Mapped, Record
from firsthop.publication.bulletin.document import Document
from firsthop.publication.exports.fixed_words import FIXED_WORDS
from firsthop.publication.formats.html import html
from firsthop.publication.formats.pdf import OWN_WORDS
from firsthop.publication.redaction.canonical import ATOM, WINDOW, canonical, folded
from firsthop.publication.words import WORDS


@cache
def shared_words() -> frozenset[str]:
    """The words, and the whole names, in their canonical form."""
    words: set[str] = set()
    for token in {token for text in _texts() for token in folded(text).split()}:
        words.update(_parts(ATOM.findall(token)))
    return frozenset(words | {canonical(name) for name in _names()})


def _parts(atoms: list[str]) -> Iterator[str]:
    """The atoms of a token, and those that stand together in it as one: a name may be
    `messageid`, and a text must be able to say Message-ID."""
    for start in range(len(atoms)):
        for stop in range(start + 1, min(start + WINDOW, len(atoms)) + 1):
            yield "".join(atoms[start:stop])


def _texts() -> Iterator[str]:
    """All that a publication says of itself."""
    for table in WORDS.values():
        for text in table.values():
            yield from text.values() if isinstance(text, dict) else (str(text),)
    yield html(Document(None, "CLEAR", (), ()), "en", "0")
    yield OWN_WORDS
    for family in FAMILIES.values():
        yield f"{family.name} {family.view} {family.explanation}"
    yield from _keys(CLUSTER)
    yield FIXED_WORDS
    yield from _names()


def _keys(record: Record) -> Iterator[str]:
    """The keys of a JSON record and of what it holds."""
    for one in record.attributes:
        yield one.name
        kind = one.kind.of if isinstance(one.kind, Listed | Mapped) else one.kind
        if isinstance(kind, Record):
            yield from _keys(kind)


def _names() -> Iterator[str]:
    for table in (PROFILES, PROVIDERS, RECEIVERS):
        yield from (one.name for one in table.values())
