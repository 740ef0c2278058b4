"""How names are compared: by their letters and digits alone, in one case, so that
`Mario.Rossi`, `mario_rossi` and `Mario Rossi` are one.

A local part that stands alone counts only where it can tell somebody. What that costs:
`anna`, `info`, `it` and names that are words of the bulletin itself, or the name of a
public domain of the case, are found with their domain and not without it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import chain, pairwise

from firsthop.evidence.identity.roles import ROLES

ATOM = re.compile(r"[^\W_]+")
# format characters (category Cf): soft hyphens, joiners, marks of direction
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
WINDOW = 8  # atoms of a name that are compared
SHORTEST = 5  # letters and digits of a name that counts alone
SHORTEST_MIXED = 4  # the same with a digit among letters, or with a mark between
SHORTEST_NUMBER = 7  # digits of a number that counts alone
FEW = 64  # atoms that are looked for one by one
STRETCH = 1 << 18  # characters of a text whose atoms are held at a time
SHORTEST_ROTATED = 8  # of one that counts alone in any other rotation than rot13


def folded(text: str) -> str:
    """`text` in one case and one form (NFKC), without what no reader sees."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()


def canonical(text: str) -> str:
    """The letters and digits of a name; of one of many atoms the first WINDOW."""
    return "".join(ATOM.findall(folded(text))[:WINDOW])


def tells_alone(name: str, shared: frozenset[str], labels: frozenset[str] = frozenset()) -> bool:
    """Whether a local part, a login or a single name can tell somebody without its
    domain; `shared` are words that are nobody's, `labels` those that public domains are
    known by: one word may be a brand (`libero`), two are somebody's."""
    key = canonical(name)
    words = ATOM.findall(folded(name))
    if key in ROLES or key in shared or (len(words) > 1 and shared.issuperset(words)):
        return False
    if len(words) == 1 and key in labels:
        return False
    if key.isdigit() or _is_masked(key):
        return key.isdigit() and not _is_masked(key) and len(key) >= SHORTEST_NUMBER
    mixed = any(c.isdigit() for c in key) or len(words) > 1
    return len(key) >= (SHORTEST_MIXED if mixed else SHORTEST)


def is_full_name(name: str) -> bool:
    """Whether a display name is of two words or more and long enough to tell
    somebody."""
    key = canonical(name)
    if _is_masked(key) or len(ATOM.findall(name)) < 2:
        return False
    return len(key) >= SHORTEST_NUMBER if key.isdigit() else len(key) > SHORTEST


def _is_masked(key: str) -> bool:
    """Whether a name is one sign again and again (`xxxxxx`) or the signs in their order
    (`abcdefg`, `1234567`): somebody took it out, or made it up, and tables of letters
    have it."""
    steps = {ord(after) - ord(one) for one, after in pairwise(key)}
    return steps <= {0} or steps == {1}


class Words:
    """The atoms of a folded text, each once, and which of some pairs of neighbours are
    in it: what tells quickly whether a name can stand in it. The atoms are not kept in
    their order, for a text may have millions."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.words = frozenset(chain.from_iterable(map(ATOM.findall, stretches(text))))

    def met(self, pairs: Collection[str]) -> set[str]:
        """Those of some pairs, with a blank between, whose words stand side by side."""
        if not pairs:
            return set()
        atoms = chain.from_iterable(map(ATOM.findall, stretches(self._text)))
        return set(pairs).intersection(map(" ".join, pairwise(atoms)))

    def turned(self, letters: dict[int, int]) -> frozenset[str]:
        """The atoms in a text in which other letters stand for these."""
        return frozenset(chain.from_iterable(one.translate(letters).split() for one in self._split))

    @cached_property
    def _split(self) -> tuple[str, str]:
        return split_ascii(self.words)


def split_ascii(words: Collection[str]) -> tuple[str, str]:
    """Words without blanks as two texts: letters of ASCII alone are exchanged at thirty
    times the speed."""
    return (
        " ".join(one for one in words if one.isascii()),
        " ".join(one for one in words if not one.isascii()),
    )


def atoms_at(text: str, atoms: Collection[str]) -> Iterator[tuple[int, str]]:
    """Where some atoms stand in a text, in order: a few are looked for one after the
    other, many in one pass."""
    if len(atoms) <= FEW:
        yield from sorted((place, one) for one in atoms for place in _places(text, one))
        return
    wanted = frozenset(atoms)
    for match in ATOM.finditer(text):
        if match[0] in wanted:
            yield match.start(), match[0]


def _places(text: str, word: str) -> Iterator[int]:
    """Where an atom stands in a text by itself."""
    place = text.find(word)
    while place >= 0:
        if not (
            text[place - 1 : place].isalnum()
            or text[place + len(word) : place + len(word) + 1].isalnum()
        ):
            yield place
        place = text.find(word, place + len(word))


def stretches(text: str) -> Iterator[str]:
    """A text in stretches of whole rows."""
    start = 0
    while start < len(text):
        stop = text.find("\n", start + STRETCH) + 1 or len(text)
        yield text[start:stop]
        start = stop
