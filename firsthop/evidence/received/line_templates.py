"""Reads the lines that most servers write without taking them apart: what
`read_received` tells of one line holds for all lines of its form.

A line's form is what is left when host names, addresses, ids and mailboxes are taken
out. Every text that varies is of one of a few classes, each so narrow that a table
which knows one of its members knows all; what a table could tell apart (the protocol,
comments of the software, "unknown") is taken as it is. The second line of a form goes
through `read_received` with a marker in place of each of them, which shows where they
go and what the form says by itself: that is the form's recipe. The lines after it are
filled in. Nothing is known here about any server, so that a new dialect is read fast
without a word about it. A line of no form, or of one that cannot be filled in, is read
by `read_received`. Tests compare the two on every line of the corpora and on made-up
ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter, truth
from typing import Any

from firsthop.evidence.host.address import read_address
from firsthop.evidence.received.clauses import CLAUSES, NO_KEYWORD, read_clauses
from firsthop.evidence.received.dialects import (
    PARTS,
    Recogniser,
    candidates,
    foremost,
    host_mask,
    narrowed,
    note_mask,
    own_values,
)
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line import read_form, read_received
from firsthop.evidence.received.phrases import Phrases
from firsthop.evidence.received.plain import MAX_PLAIN
from firsthop.evidence.timestamp import Stamp, match_stamp
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_LABEL = r"[0-9A-Za-z_-]"
# no sign, no backslash and no control: a line with these is not plain (plain.py)
_PLAIN = r"[^\s()<>\[\]\";,\\\x00-\x1f\x7f]"
_PLAIN_BUT_AT = r"[^\s()<>\[\]\";,@\\\x00-\x1f\x7f]"
# Class of a text that varies: its pattern, and a marker to stand for it. An address is
# marked by a form that is not its canonical one.
CLASSES = {
    "host": (rf"(?![\d.]+(?![^ )])){_LABEL}++(?:\.{_LABEL}++)++", "m{}.marker.example"),
    "word": (rf"(?={_LABEL}*\d)[0-9A-Za-z]{_LABEL}*+(?!\.)", "Marker{}"),
    "user": (rf"[0-9A-Za-z]{_LABEL}*+(?=@)", "Marker{}"),
    "four": (r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\.)", "192.0.2.0{}"),
    "six": (r"[0-9A-Fa-f]*+:[0-9A-Fa-f]*+:[0-9A-Fa-f:]*+", "2001:DB8::{}"),
    "zoned": (r"[0-9A-Fa-f]*+:[0-9A-Fa-f]*+:[0-9A-Fa-f:]*+%\w+", "2001:DB8::{}%7"),
    "literal": (r"\[\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\]", "[192.0.2.0{}]"),
    "path": (rf"{_PLAIN_BUT_AT}++@{_PLAIN_BUT_AT}++", "m{}@marker.example"),
    "token": (rf"{NO_KEYWORD}{_PLAIN}++(?![<\[])", "m4rk{}"),
    "number": (r"\d++", "77{}"),
    "port": (r"\d{1,5}+", "77{}"),
}
# a table may know such a word
_NAME = (
    rf"{NO_KEYWORD}[A-Za-z][A-Za-z_-]*+(?![^ )@])|(?:localhost\.localdomain|mail pickup service)"
    rf"(?![^ )])"
)


def _one(name: str, *classes: str) -> str:
    """A text of one of the classes, each in a group of its own."""
    return "(?:" + "|".join(rf"(?P<{name}_{kind}>{CLASSES[kind][0]})" for kind in classes) + ")"


def _as_is(name: str, pattern: str) -> str:
    return rf"(?P<{name}_as_is>{pattern})"


def _host(name: str) -> str:
    return rf"(?:{_as_is(name, _NAME)}|{_one(name, 'host', 'word')})"


_CIPHER = r" \(TLS[^()@<>\[\] ]{1,60}\)"
_FORGED = r" \(may be forged\)"
_DROP = r"\((?:single|multi)-drop\)"
_WORDS = rf"{NO_KEYWORD}[A-Za-z][\w/-]*+(?: {NO_KEYWORD}[A-Z][\w-]*+)*+"
_NOTE = r"\([A-Za-z0-9][^()@<>\[\]:]{0,80}(?:\([^()@<>\[\]]{0,40}\)[^()@<>\[\]]{0,40})?\)"
_ABOUT_TLS = (
    r"\((?:using|version=|No client|Client did|not verified|Google) ?[^()@<>\[\]]*(?:\([^"
    r"()@<>\[\]]*\)[^()@<>\[\]]*)*\)"
)
_SEEN = (
    rf"\[(?:{_one('client', 'four', 'six')}|IPv6:{_one('tagged', 'six')})\]"
    rf"(?::{_one('client', 'port')})?"
)
_NAMED = (
    rf"(?:{_as_is('tag', 'IDENT:')}?{_one('ident', 'user')}@)?"
    rf"(?:{_host('name')}{_as_is('stop', '[.]')}? )?"
)
_NOTED = (  # as vger.kernel.org writes it
    rf"\(\[{_one('shown', 'four')}\]:{_one('shown', 'port')} \"{_as_is('hello', 'HELO|EHLO')} "
    rf"{_host('said')}\" {_as_is('flags', 'rhost-flags-[A-Z-]+')}\)"
)
_TOLD = (
    rf"\({_as_is('verb', 'HELO|EHLO')} {_host('told')}\)"
    rf"(?: \({_one('seen', 'four', 'literal')}\))?"
)
_CLIENTS = (  # what stands behind the client's word
    rf"\({_NAMED}{_SEEN}{_as_is('forged', _FORGED)}?(?: helo={_host('greeting')})?\)",
    rf"\({_one('noted', 'four', 'six')}\)",
    _one("behind", "literal"),
    _TOLD,
    rf"\((?:port={_one('calling', 'port')} )?helo={_host('calling')}\)",
    _NOTED,
    _as_is("nobody", r"\(unknown\)|\(<unknown> \[\]\)"),
)
_QMAIL = (
    rf"\(qmail {_one('process', 'number')} invoked "
    rf"(?:{_as_is('how', 'from network|by alias|for bounce')}|by uid {_one('uid', 'number')})\)"
)
_HEAD = rf"\(from {_one('user', 'user')}@{_host('home')}\)|\({_one('robot', 'path')}\)"
_FROM = (
    rf"(?:{_one('project', 'number')}(?= named )|{_host('helo')}|{_one('helo', 'literal', 'four')}"
    rf"|{_as_is('nameless', '<unknown>')})"
    rf"(?: (?:{'|'.join(_CLIENTS)}|{_as_is('named', 'named unknown')}))?"
    rf"{_as_is('security', f'(?: {_ABOUT_TLS})+')}?"
    rf"(?: \(Authenticated sender: {_one('login', 'path', 'token')}\))?"
)
_BY = (
    rf"(?:{_host('by')}|{_one('by', 'four', 'six')})(?: pod-id {_host('pod')})?"
    rf"(?: (?:\({_one('writer', 'four', 'six')}\)"
    rf"|\(\[{_one('boxed', 'six', 'zoned')}\]\)"
    rf"|\({_host('inside')} \[{_one('within', 'four')}\]\)(?: {_as_is('filter', _NOTE)})?"
    rf"|{_as_is('software', _NOTE)}))?"
)
_WITH = (
    rf"{_as_is('with', rf'{_WORDS}(?: ?{_NOTE}|{_CIPHER})?(?: tls {_LABEL}++)?(?: {_NOTE})?')}"
    rf"(?: \(envelope-from <{_one('sender', 'path')}>\))?"
)
_ID = (
    rf"(?:{_one('queue', 'token')}|<{_one('angled', 'token')}>)"
    rf"{_as_is('sealed', f' {_ABOUT_TLS}')}?"
    rf"(?: \((?:ORCPT <rfc822;{_one('original', 'path')}>"
    rf"|envelope-from <{_one('returned', 'path')}>)\))?"
)
_VIA = rf"(?:{_as_is('link', _WORDS)}(?![^ ])|{_one('link', 'host')})"
_FOR = (
    rf"(?:<{_one('for', 'path')}>|{_one('bare_for', 'path')}|{_one('list', 'token')})"
    rf"{_as_is('end', f' (?:{_DROP}|{_ABOUT_TLS})')}?"
)
LINE = compiled(
    rf"(?=.)(?:(?P<head>{_HEAD}|{_QMAIL})(?: (?=by)|(?![^ ]))|from (?P<from>{_FROM}) )?"
    rf"(?:by (?P<by>{_BY})(?: via (?P<expanded>listexpand)(?= id ))?(?: with (?P<with>{_WITH}))?"
    rf"(?: id (?P<id>{_ID}))?(?: via (?P<via>{_VIA}))?(?: for (?P<for>{_FOR}))?)?",
    re.ASCII,
)
GROUPS = {name: place - 1 for name, place in LINE.groupindex.items()}  # places in match.groups()
EXPANDED = GROUPS["expanded"]  # "via" in front of "id", by Majordomo at vger.kernel.org
CLAUSE_PLACES = tuple(GROUPS[name] for name in ("head", "from", "by", "via", "with", "id", "for"))
BY, FROM, ID, WRITER = GROUPS["by"], GROUPS["from"], GROUPS["id"], GROUPS["writer_four"]
AS_IS = (
    *(place for name, place in GROUPS.items() if name.endswith("_as_is")),
    GROUPS["expanded"],
)
VARIABLES = {
    place: name.rpartition("_")[2]
    for name, place in GROUPS.items()
    if name.rpartition("_")[2] in CLASSES
}
ADDRESSES = tuple(
    place for place, kind in VARIABLES.items() if kind in ("four", "six", "zoned", "literal")
)
PORTS = tuple(place for place, kind in VARIABLES.items() if kind == "port")


MAX_FAST = 1_000  # characters: a longer line has no usual form
MAX_FROM = MAX_PLAIN - len("from  ")  # characters: what is longer is not plain
MAX_FORMS = 4_096  # kept; a form that a sender makes up costs one reading more
# parts that tell the same of every line of a form
IN_THE_FORM = tuple(part for part in PARTS if part not in ("by", "from", "id"))
IN_THE_FORM_BUT_NOTES = tuple(part for part in IN_THE_FORM if part != "by_comment")
_DATE = "Sat, 17 May 2014 21:59:37 +0900"
Groups = tuple[str, ...]
Key = tuple[bytes, Groups]
_clause_texts: Callable[[Groups], Groups] = itemgetter(*CLAUSE_PLACES)
_texts_as_they_are: Callable[[Groups], Groups] = itemgetter(*AS_IS)
_variables: Callable[[Groups], Groups] = itemgetter(*VARIABLES)
_new = tuple.__new__


class Recipe(NamedTuple):
    """Where the values of a hop come from: the line, its time, its groups, its
    addresses in canonical form, its ports, and what the form says by itself."""

    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    addresses: tuple[int, ...]
    ports: tuple[int, ...]
    constants: tuple[Any, ...]
    # words behind "from" that the dialect gives a meaning of their own, and whether the
    # form has such
    known: Phrases | None = None
    has_known: bool = False


class LineTemplate(NamedTuple):
    """What lines of one form have in common."""

    settled: Recogniser | None  # the dialect, where the form tells it
    mask: int  # else those that the form does not rule out
    recipes: dict[Recogniser | None, Recipe]


_NONE = Recipe(itemgetter(0), (), (), ())  # a form that cannot be filled in
_forms: dict[Key, LineTemplate | None] = {}  # None: seen once


def read_hop(value: str) -> Hop:
    """What `read_received` tells, sooner."""
    front, _, back = value.rpartition("; ")
    match = LINE.fullmatch(front) if len(value) <= MAX_FAST else None
    if match is None:
        return read_received(value)
    groups = match.groups("")
    if len(groups[FROM]) > MAX_FROM:
        return read_received(value)
    key = bytes(map(truth, _variables(groups))), _texts_as_they_are(groups)
    form = _forms.get(key) or _new_form(key, groups)
    stamp, length = match_stamp(back)
    if form is None or not length or length != len(back):
        return read_received(value)
    settled = form.settled or _dialect(form.mask, groups)
    recipe = form.recipes.get(settled) or _learnt(match, form, settled)
    return (recipe is not _NONE and _filled_in(recipe, value, stamp, groups)) or read_received(
        value
    )


def _new_form(key: Key, groups: Groups) -> LineTemplate | None:
    """The form of a line, when it comes a second time."""
    if key not in _forms:
        if len(_forms) >= MAX_FORMS:
            _forms.clear()
        _forms[key] = None
        return None
    texts = dict(zip(CLAUSES, (*_clause_texts(groups), ""), strict=True))
    texts["via"] = texts["via"] or groups[EXPANDED]
    mask = -1
    for part in IN_THE_FORM_BUT_NOTES if groups[WRITER] else IN_THE_FORM:
        mask = narrowed(mask, part, texts[part.removesuffix("_comment")])
    settled, mask, _ = candidates(mask)
    _forms[key] = form = LineTemplate(None if groups[WRITER] else settled, mask, {})
    return form


def _dialect(mask: int, groups: Groups) -> Recogniser | None:
    """What `recognise` finds: the names, addresses and ids that the form leaves open
    rule out the rest."""
    by = groups[BY]
    if groups[WRITER]:  # an address may look like a version: 8.12.11.1
        mask &= note_mask(by)
    recognised, mask, _ = candidates(mask)
    if recognised or not mask:
        return recognised
    return foremost(narrowed(narrowed(host_mask(mask, by), "from", groups[FROM]), "id", groups[ID]))


def _filled_in(recipe: Recipe, value: str, stamp: Stamp, groups: Groups) -> Hop | None:
    """The hop of a line, or None where what looks like an address is none, or a name
    means something to the dialect."""
    if recipe.known and _is_known(recipe.known, groups) != recipe.has_known:
        return None
    addresses = []
    for place in recipe.addresses:
        address = read_address(groups[place])
        if address is None or address.port is not None or address.repairs:
            return None
        addresses.append(address.text)
    ports = [int(groups[place]) for place in recipe.ports]
    return _new(Hop, recipe.pick((value, stamp, *groups, *addresses, *ports, *recipe.constants)))


def _learnt(match: re.Match[str], form: LineTemplate, recognised: Recogniser | None) -> Recipe:
    """The recipe of a form in a dialect: what the line tells with markers in it."""
    line = marked(match)
    again = LINE.fullmatch(line)
    recipe = again and _recipe(
        read_form(line, read_clauses(f"{line}; {_DATE}"), recognised),
        match.groups(""),
        again.groups(""),
    )
    if recipe and recognised and match["from"]:
        known = own_values(recognised.dialect, "from")
        has_known = bool(known and again and _is_known(known, again.groups("")))
        recipe = recipe._replace(known=known, has_known=has_known)
    form.recipes[recognised] = recipe = recipe or _NONE
    return recipe


def _is_known(known: Phrases, groups: Groups) -> bool:
    """Whether what stands behind "from" means something to the dialect."""
    return known.read(groups[FROM].partition(" (")[0]) is not None


def _recipe(hop: Hop, line: Groups, groups: Groups) -> Recipe | None:
    """Where the parts of a hop that was read from markers come from; None where one is
    made from a marker and is not one."""
    if any(bool(text) != bool(marker) for text, marker in zip(line, groups, strict=True)):
        return None
    addresses = tuple(place for place in ADDRESSES if groups[place])
    canonical = [address.text for place in addresses if (address := read_address(groups[place]))]
    written = [groups[place] for place in VARIABLES if groups[place]]
    sources = {text: place for place, text in enumerate((*groups, *canonical), 2) if text}
    # rather than a clause that is nothing else
    sources |= {groups[place]: place + 2 for place in VARIABLES if groups[place]}
    ports = tuple(place for place in PORTS if groups[place])
    first_port = 2 + len(groups) + len(canonical)
    numbers = {int(groups[place]): number for number, place in enumerate(ports, first_port)}
    places, constants = [0], list[Any]()
    for name, value in zip(hop._fields[1:], hop[1:], strict=True):
        if name == "stamp":
            places.append(1)
        elif isinstance(value, str) and value in sources:
            places.append(sources[value])
        elif type(value) is int and value in numbers:
            places.append(numbers[value])
        elif any(marker in str(value) for marker in (*written, *canonical)):
            return None
        else:
            places.append(first_port + len(ports) + len(constants))
            constants.append(value)
    return Recipe(itemgetter(*places), addresses, ports, tuple(constants))


def marked(match: re.Match[str]) -> str:
    """The line with a marker in place of each text that varies."""
    line = match.string
    for place in sorted(VARIABLES, key=lambda place: -match.start(place + 1)):
        start, stop = match.span(place + 1)
        if start >= 0:
            line = line[:start] + CLASSES[VARIABLES[place]][1].format(place) + line[stop:]
    return line
