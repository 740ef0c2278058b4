"""Hostile inputs for a regular expression, made from its own parts: for each repeat in
it, what stands before the repeat, then much of what the repeat takes, then something
at which the rest fails.

An expression that backtracks over such an input, or that starts anew at each of its
characters, needs a time that grows faster than the input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

# what stands for a class of characters: those that expressions are about
PROBES = "a1A -.@<>()[]\"',;:=/\\_+%?*&#|{}^~`!$\t\nzZ9g\x00é"
MANY = 32  # a repeat that may take as much is pumped
AT_MOST = 16  # inputs of one expression
FAILING = ("", "\x00", "!")


class Hostile(NamedTuple):
    """A family of inputs: as long as one likes."""

    before: str
    pumped: str
    behind: str

    def of(self, size: int) -> str:
        return self.before + self.pumped * (size // max(1, len(self.pumped))) + self.behind


def inputs(pattern: str | bytes, flags: int) -> list[Hostile]:
    """Families of inputs for an expression, at most AT_MOST."""
    tree = _parser.parse(pattern, flags)
    found: dict[Hostile, None] = {}
    for before, bodies in _repeats(list(tree), ""):
        pumps = [*bodies, *(before + body for body in bodies if before)]
        pumps += [before] if before else []
        for pumped in pumps:
            for behind in FAILING:
                found[Hostile(before, pumped, behind)] = None
                found[Hostile("", pumped, behind)] = None
    whole = _sample(list(tree))
    for pumped in (whole, whole[: len(whole) // 2], " ", "a", "(", "<"):
        if pumped:
            found[Hostile("", pumped, "\x00")] = None
    kept = [one for one in found if one.pumped]
    step = max(1, -(-len(kept) // AT_MOST))
    return [*kept[::step], *_escaped(pattern, whole)]


def _escaped(pattern: str | bytes, whole: str) -> list[Hostile]:
    """What begins the expression, escaped again and again: where it takes an escaped
    sign as one, each of them must not be a beginning that is read to the end."""
    source = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    if "\\\\" not in source:
        return []
    signs = dict.fromkeys((*whole[:1], "(", '"'))
    return [Hostile("", "\\" + sign, "\x00") for sign in signs]


def _repeats(items: list[Any], before: str) -> Iterator[tuple[str, list[str]]]:
    """Each repeat of an expression: a text that leads to it, and texts that it
    takes."""
    for place, (op, held) in enumerate(items):
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, body = held
            if most >= MANY:
                yield before, _bodies(list(body), items[place + 1 :])
            yield from _repeats(list(body), before)
            before += _sample(list(body)) * max(1 if most else 0, min(least, 8))
            continue
        for inner in _inner(op, held):
            yield from _repeats(inner, before)
        before += _sample([(op, held)])


def _inner(op: Any, held: Any) -> list[list[Any]]:
    if op is sre.SUBPATTERN:
        return [list(held[-1])]
    if op is sre.BRANCH:
        return [list(branch) for branch in held[1]]
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [list(held[1])]
    if op is sre.ATOMIC_GROUP:
        return [list(held)]
    return []


def _bodies(body: list[Any], rest: list[Any]) -> list[str]:
    """Texts of a repeat's body: a usual one, one that the rest could take too, one for
    each of its branches."""
    found = {_sample(body): None}
    mine, others = _firsts(body), _firsts(rest)
    both = [c for c in PROBES if c in mine and c in others]
    if len(body) == 1 and not _inner(*body[0]):
        found |= dict.fromkeys(both[:2])
        found |= dict.fromkeys([c for c in PROBES if c in mine and c not in both][:2])
        found |= dict.fromkeys(["".join(c for c in "a 1.(<" if c in mine)])
    for branch in _branches(body):
        found[_sample(branch)] = None
    return [text for text in found if text][:6]


def _branches(items: list[Any]) -> list[list[Any]]:
    for op, held in items:
        if op is sre.BRANCH:
            return [list(branch) for branch in held[1]]
        if op is sre.SUBPATTERN and (found := _branches(list(held[-1]))):
            return found
    return []


def _firsts(items: list[Any]) -> set[str]:
    """The probes that a sequence's parts take, in any place."""
    found: set[str] = set()
    for op, held in items:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            found |= _firsts(list(held[2]))
        elif inner := _inner(op, held):
            found |= set().union(*(_firsts(one) for one in inner))
        else:
            found |= {c for c in PROBES if _takes(op, held, c)}
    return found


def _sample(items: list[Any], depth: int = 0) -> str:
    """A short text that a sequence takes, as far as looking around does not forbid
    it."""
    text = ""
    for op, held in items:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, body = held
            text += _sample(list(body), depth + 1) * (least or (1 if most and depth < 2 else 0))
        elif op is sre.BRANCH:
            text += _sample(list(held[1][0]), depth)
        elif op in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
            text += _sample(list(held[-1] if op is sre.SUBPATTERN else held), depth)
        elif op not in (sre.ASSERT, sre.ASSERT_NOT, sre.AT, sre.GROUPREF):
            text += next((c for c in PROBES if _takes(op, held, c)), _written(op, held))
    return text


def _written(op: Any, held: Any) -> str:
    if op is sre.LITERAL:
        return chr(held)
    if op is sre.IN:
        return next((_written(*one) for one in held if one[0] in (sre.LITERAL, sre.RANGE)), "")
    return chr(held[0]) if op is sre.RANGE else ""


def _takes(op: Any, held: Any, c: str) -> bool:
    if op is sre.LITERAL:
        return bool(ord(c) == held)
    if op is sre.NOT_LITERAL:
        return bool(ord(c) != held)
    if op is sre.ANY:
        return c != "\n"
    if op is sre.RANGE:
        return bool(held[0] <= ord(c) <= held[1])
    if op is sre.CATEGORY:
        return bool(re.match(_CATEGORIES[held], c))
    if op is sre.IN:
        negated = held[0][0] is sre.NEGATE
        return any(_takes(inner, of, c) for inner, of in held[negated:]) != negated
    return False


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}
