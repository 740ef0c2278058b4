"""A pattern of `conditions.py` spelled for one engine: its characters quoted as the
engine's files need it, its blanks widened to the white space of folded fields.

A pattern speaks of unfolded values, in which a run of white space is one blank. An
engine that sees the field as it stands has to be asked for a run.
Never:      adds or drops a token: what is spelled means the same, or is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"\\(?P<reference>[1-9])"
    r"|\\(?P<escaped>[^A-Za-z0-9])"
    r"|\[(?P<not>\^?)(?P<members>\]?[^\]]*)\]"
    r"|(?P<repeat>[*+?]|\{[0-9]+(,[0-9]*)?\})"
    r"|(?P<anchor>[\^$])"
    r"|(?P<group>[()|])"
    r"|(?P<blank> )"
    r"|(?P<plain>[^\\\[\]{}*+?^$()| ])",
    re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a pattern."""

    kind: str  # reference, escaped, class, not_class, repeat, anchor, group, blank, plain
    text: str  # of an escaped character and a class without what quotes it


class Spelling(NamedTuple):
    """How an engine writes what a pattern is made of."""

    character: Callable[[str], str]  # a character that stands for itself
    blank: str  # members of a class that white space is, as in r"\s"
    start: str  # of a value
    end: str
    # members that a class of all but some has to leave out, too
    beyond: str = ""


def tokens(regex: str) -> Iterator[Token]:
    """The tokens of a pattern. ValueError where it is none of the common language."""
    place = 0
    while place < len(regex):
        match = _TOKEN.match(regex, place)
        if match is None:
            raise ValueError(f"no token at {place} of {regex!r}")
        yield _token(match)
        place = match.end()


def _token(match: re.Match[str]) -> Token:
    if (members := match["members"]) is not None:
        return Token("not_class" if match["not"] else "class", members)
    return next(
        Token(kind, text)
        for kind in ("reference", "escaped", "repeat", "anchor", "group", "blank", "plain")
        if (text := match[kind]) is not None
    )


def spelled(regex: str, spelling: Spelling) -> str:
    """The pattern in an engine's spelling."""
    pieces = list(tokens(regex))
    following = [one.kind for one in pieces[1:]] + [""]
    return "".join(
        _piece(one, spelling, repeated=after == "repeat")
        for one, after in zip(pieces, following, strict=True)
    )


def _piece(one: Token, spelling: Spelling, *, repeated: bool) -> str:
    match one.kind:
        case "plain" | "escaped":
            return spelling.character(one.text)
        case "blank":
            return f"[{spelling.blank}]" + ("" if repeated else "+")
        case "class":
            return f"[{one.text.replace(' ', spelling.blank)}]"
        case "not_class":
            members = one.text.replace(" ", spelling.blank)
            return f"[^{members}{spelling.beyond}]"
        case "reference":
            return f"\\{one.text}"
        case "anchor":
            return spelling.start if one.text == "^" else spelling.end
        case _:
            return one.text


def either_case(character: str) -> str | None:
    """A group of a letter beyond ASCII in both cases, for engines that fold only ASCII;
    None where it has but one."""
    both = dict.fromkeys((character.lower(), character.upper()))
    return f"({'|'.join(both)})" if len(both) > 1 else None
