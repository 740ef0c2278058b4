"""What HTML keeps from the kit it was made with, while hosts and text change: where its
forms lead and the names of their fields, its comments, the names it gives its classes,
its colours, its title, and the names of its pictures, scripts and stylesheets.

Never:      parses, renders or runs HTML; fetches anything. It is searched as text, each
            expression starting from a fixed one, in one linear pass each.
Source:     HTML Living Standard, sections 4.10.3 (form), 13.1.6 (comments), 3.2.6
            (class). The limits are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

MAX_MARKUP = 128 << 10  # characters of HTML that are searched
MAX_FORMS = 4
MAX_INPUTS = 20  # of one form
MAX_NAMES = 60  # different comments, names of classes, colours

_COMMENT = compiled(r"<!--([^<>]{1,300}+)>")
_CLASS = compiled(r"class=[\"']?([^\"'<>=]{1,200})")
_COLOUR = compiled(r"#([0-9A-Fa-f]{6})(?![0-9A-Za-z])")
_TITLE = compiled(r"<title[^<>]{0,200}>([^<>]{1,300})")
_FORM = compiled(r"<form([^<>]{0,1000})")
_ACTION = compiled(r"action=[\"']?([^\"'\s<>]{1,400})")
_INPUT = compiled(r"name=[\"']?([^\"'\s<>]{1,60})")
_CAPITALS = ("<FORM", "<IMG")  # in which older programs write tags


class Form(NamedTuple):
    """A form, as written."""

    action: str  # empty where it says none
    inputs: tuple[str, ...]  # the names of its fields, each once, in order


class Markup(NamedTuple):
    """The parts of HTML that a kit keeps, in lower case, each once and in order."""

    forms: tuple[Form, ...] = ()
    comments: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # of classes
    colours: tuple[str, ...] = ()  # six hexadecimal digits
    title: str = ""


def read_markup(rich: str) -> Markup:
    """The parts of HTML that a kit keeps. Never raises."""
    if not rich:
        return Markup()
    text = rich[:MAX_MARKUP]
    if any(tag in text for tag in _CAPITALS):
        text = text.lower()
    title = _TITLE.search(text)
    return Markup(
        tuple(islice(_forms(text), MAX_FORMS)),
        tuple(" ".join(one.rstrip("-").split()) for one in _once(_COMMENT.findall(text))),
        _once(" ".join(_CLASS.findall(text)).split()),
        _once(_COLOUR.findall(text)),
        " ".join(title[1].split()).lower() if title else "",
    )


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str.lower, islice(dict.fromkeys(found), MAX_NAMES))))


def _forms(text: str) -> Iterator[Form]:
    for match in _FORM.finditer(text):
        end = text.find("</form", match.end())
        within = text[match.end() : end if end >= 0 else len(text)]
        action = _ACTION.search(match[1])
        names = _once(_INPUT.findall(within))[:MAX_INPUTS]
        yield Form(action[1].lower() if action else "", names)
