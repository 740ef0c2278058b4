"""Reads a Received line in which the client's words look like the server's: HELO,
ident, login, certificate, reverse-path, recipient.

A client chooses these words (RFC 5321 sections 4.1.1.1 to 4.1.1.3, RFC 1413, RFC 4954),
and some servers print them as they came. What stands around them is fixed by the
server's software (layouts.py, the `client` of a dialect's table; behind.py). So every
place is tried at which the server's own "by" can stand, with every layout; the client's
words are taken out, the line is read as any other, and the words are put back.

Where two such readings tell different clients, writers, times or protocols, none is
chosen: what they have in common is told, and `ambiguous_client` noted. Where there is
none, and the line has what no server's own words have, its client is not told either,
nor its writer where "by" stands in it more than once. No word of the client is ever
taken for an observation. Bounded: MAX_WRITERS places of "by", MAX_SIGNS signs, lines of
MAX_LINE characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

from firsthop.evidence.received.behind import Behind, behind
from firsthop.evidence.received.clauses import MAX_LINE
from firsthop.evidence.received.dialects import LAYOUTS, Dialect, layouts_of
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.layouts import CLIENTS_WORDS, Layout
from firsthop.evidence.received.plain import BY, CONTROL, balanced
from firsthop.system.kept_expressions import compiled

AMBIGUOUS = "ambiguous_client"  # a note: what the client said hides what the server saw of it
MAX_WRITERS = 24  # places of "by"; in a line with more of them no client is told
MAX_SIGNS = 48  # brackets, quotes and the like; more, and no client is told either
SIGNS = '()<>[]"\\;,@'
MAX_WORD = 255  # characters of a word of the client's that is left where it is
MAX_CERTIFICATES = 8  # notes on a client's certificate; a server writes one
MARK = "m{}.clients.words.invalid"
_SIMPLE = compiled(r'[^\s()<>\[\]";,\\\x00-\x1f\x7f]*')
_SIMPLE_NOTE = compiled(r'[^()"\\\x00-\x1f\x7f]*')
_ANY_BY = compiled(r"(?<![0-9a-z])by(?![0-9a-z])", re.IGNORECASE)  # as tokens are parted
_TWICE = {"repeated_clause:id", "repeated_clause:with"}
_FAKED = ("queue_id", "protocol")  # by a reverse-path
_PROGRAM = ("dialect", "mta", "mta_version", "by_address")
_DECIDES = ("client_address", "client_name", "by", "stamp", "kind", "authenticated", "protocol")
_CLIENTS = (
    *("helo", "client_name", "client_name_verified", "client_port", "ident"),
    *("auth_identity", "auth_mechanism"),
)
# makes the hop of a line when it is asked for, and tells its dialect
Read = Callable[[str], tuple[Callable[[], Hop], Dialect | None]]


def settled(usual: Hop, read: Read) -> Hop:
    """The hop of a line that is not plain, `usual` as its tokens tell it.

    `read` makes a hop of a line without the client's words, once its dialect is seen to
    have such a layout.
    """
    value = usual.raw
    if len(value) > MAX_LINE or value.count("(Client CN ") > MAX_CERTIFICATES or _crowded(value):
        return _undecided(usual)
    readings: list[Hop] = []
    # several layouts find the client's words in the same places
    for hop in _readings(value, cache(read)):
        if all(_told(hop) != _told(other) for other in readings):
            readings.append(hop)
    if not readings:
        return _without_client(usual) if _suspicious(value) else usual
    return readings[0] if len(readings) == 1 else _common(readings)


def _crowded(value: str) -> bool:
    return (
        sum(value.count(sign) for sign in SIGNS) > MAX_SIGNS or len(BY.findall(value)) > MAX_WRITERS
    )


def _told(hop: Hop) -> tuple[Any, ...]:
    return tuple(getattr(hop, name) for name in _DECIDES)


def _readings(value: str, read: Read) -> Iterator[Hop]:
    """Every reading, the one whose writer stands last first."""
    places = [match.start() for match in BY.finditer(value)]
    for place in reversed(places):
        front, back = value[:place], value[place:]
        if rest := behind(back, shortest=True):
            for match, one in _fronts(front):
                if hop := _reading(value, match, rest, one, read):
                    yield _without_fakes(hop, value, match, one, read)


def _without_fakes(hop: Hop, value: str, front: re.Match[str], one: Layout, read: Read) -> Hop:
    """A hop without what a reverse-path may have said: clauses that came twice."""
    if not _TWICE.intersection(hop.notes):
        return hop
    longer = behind(value[front.endpos :], shortest=False)
    other = _reading(value, front, longer, one, read) if longer else None
    if other is None:
        return hop
    facts: dict[str, Any] = {n: None for n in _FAKED if getattr(other, n) != getattr(hop, n)}
    return hop._replace(**facts)


def _fronts(front: str) -> Iterator[tuple[re.Match[str], Layout]]:
    for one in _layouts_with(frozenset([word for word in _words() if word in front])):
        if last := one.last.fullmatch(front):
            yield last, one
            first = one.first.fullmatch(front)
            if first and first.regs != last.regs:
                yield first, one


@cache
def _words() -> tuple[str, ...]:
    """The words and signs of all layouts."""
    return tuple({word: None for one in LAYOUTS for word in one.words})


@lru_cache(maxsize=1_024)
def _layouts_with(words: frozenset[str]) -> tuple[Layout, ...]:
    """The layouts that have no other words and signs."""
    return tuple(one for one in LAYOUTS if words.issuperset(one.words))


def _reading(value: str, front: re.Match[str], rest: Behind, one: Layout, read: Read) -> Hop | None:
    """A line read with marks for the client's words; None where its dialect has no such
    layout."""
    words: dict[str, str] = {}
    line = _marked(front.string, _places(front), words)
    line += _marked(rest.text, [(*place, _SIMPLE) for place in rest.places], words)
    hop, dialect = read(line)
    return _put_back(value, hop(), words) if one in layouts_of(dialect) else None


def _places(front: re.Match[str]) -> list[tuple[int, int, re.Pattern[str]]]:
    """Where the client's words stand before "by", and what is simple there."""
    return [
        (*front.span(name), _SIMPLE_NOTE if name in CLIENTS_WORDS[2:] else _SIMPLE)
        for name in CLIENTS_WORDS
        if front.re.groupindex.get(name) and front.start(name) >= 0
    ]


def _marked(
    text: str, places: list[tuple[int, int, re.Pattern[str]]], words: dict[str, str]
) -> str:
    """A part of the line with a mark in place of each of the client's words that is not
    simple."""
    whole = text
    for start, stop, simple in sorted(places, key=lambda place: place[:2], reverse=True):
        begin = start
        while whole[begin - 2 : begin].isspace() and begin > 1:
            begin -= 1  # the server writes one space: any other is the client's
        if begin < start or stop - start > MAX_WORD or not simple.fullmatch(whole, start, stop):
            mark = MARK.format(len(words))
            words[mark] = whole[begin:stop]
            shown = f"<m@{mark}>" if _needs_path(whole[:begin]) else mark
            text = text[:begin] + shown + text[stop:]
    return text


def _needs_path(before: str) -> bool:
    return before.endswith(("envelope-from ", "for "))


def _put_back(value: str, hop: Hop, words: dict[str, str]) -> Hop:
    """The client's words in place of their marks; a name that is one of them is no
    observation."""
    if not words:
        return hop._replace(raw=value)
    facts = {
        name: _restored(held, words)
        for name, held in zip(hop._fields, hop, strict=True)
        if name not in ("raw", "stamp")
    }
    if hop.client_name and any(mark in hop.client_name for mark in words):
        facts |= {"client_name": None, "client_name_verified": None}
    return hop._replace(raw=value, **facts)


def _restored(held: Any, words: dict[str, str]) -> Any:
    if isinstance(held, tuple):
        return tuple(_restored(one, words) for one in held)
    if isinstance(held, str) and ".clients.words.invalid" in held:
        for mark, text in words.items():
            held = held.replace(f"m@{mark}", text).replace(mark, text)
    return held


def _common(readings: list[Hop]) -> Hop:
    """What several readings have in common, and of the client its address at most."""
    hop = readings[0]
    pairs = zip(hop._fields, hop, strict=True)
    facts: dict[str, Any] = {
        name: held
        for name, held in pairs
        if all(getattr(other, name) == held for other in readings)
    }
    return _without_client(Hop(**{"raw": hop.raw} | facts), facts.get("client_address"))


def _without_client(hop: Hop, address: str | None = None) -> Hop:
    """A hop of whose client nobody can tell from the line, its address perhaps
    excepted."""
    facts: dict[str, Any] = dict.fromkeys(_CLIENTS)
    facts |= {"client_address": address, "authenticated": False}
    if hop.kind not in ("smtp", "lmtp", "filter"):
        facts["kind"] = "smtp"
    return hop._replace(**facts, notes=(*hop.notes, AMBIGUOUS))


def _undecided(hop: Hop) -> Hop:
    """A hop of a line whose tokens may all be the client's words: its time, and its
    writer where "by" stands in it once, and it is no longer than is looked through."""
    several = len(hop.raw) > MAX_LINE or len(_ANY_BY.findall(hop.raw)) > 1
    told = (*_FAKED, *_PROGRAM, *(("by",) if several else ()))
    facts: dict[str, Any] = dict.fromkeys(told)
    return _without_client(hop)._replace(kind="smtp", **facts)


def _suspicious(value: str) -> bool:
    """Whether a line that no layout reads has what no server writes by itself."""
    if value[:5].lower() != "from ":
        return False
    front, *more = BY.split(value)
    strange = '"' in front or "\\" in front or bool(CONTROL.search(value))
    return strange or len(more) > 1 or not balanced(value)
