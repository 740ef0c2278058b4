"""From a description to JSON at once, on one line or over several, without the objects
between: for who writes many.

The text is the one that `writer` and `json.dumps`, or `indented`, give. Never raises
for what a mail holds. Lone surrogates stay as they are escaped: they are the caller's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from json.encoder import encode_basestring_ascii as _quoted
from math import isfinite
from typing import Any

from firsthop.evidence.schema.vocabulary import (
    Attribute,
    Form,
    Kind,
    Listed,
    Mapped,
    Record,
    Scalar,
    fields_of,
)
from firsthop.publication.json.values import number, time_text
from firsthop.publication.json.writer import Compiler, sentence, when_used

REMEMBERED = 1_024  # texts of objects of which there are few
_dumps = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def line_writer(record: Record) -> Callable[[Any], str]:
    """What writes the objects of a record on one line."""
    return when_used(lambda: _Lines("").function(record))


def indented_writer(record: Record, line: str) -> Callable[[Any], str]:
    """What writes the objects of a record over several lines; with `line` a line of
    their level begins."""
    return when_used(lambda: _Lines(line).function(record))


def _number(value: int | None) -> str:
    return "null" if (whole := number(value)) is None else str(whole)


def _time(instant: int | None) -> str:
    return "null" if (text := time_text(instant)) is None else f'"{text}"'


def _real(value: float) -> str:
    return repr(value) if isfinite(value) else _dumps(value)


def _sentence(told: tuple[str, tuple[tuple[str, str], ...]]) -> str:
    return _quoted(sentence(told))


# How a form is written where it is not as a text: by what is called, or as an
# expression; "": as a number is.
_FORMS: Mapping[Form, Callable[[Any], str] | str] = {
    Form.SMALL: "",
    Form.NUMBER: "",
    Form.UNBOUNDED: _number,
    Form.REAL: _real,
    Form.BOOLEAN: "('true' if {} else 'false')",
    Form.ENUMERATED: "('\"' + {} + '\"')",  # a word of the program's own
    Form.INSTANT: _time,
    Form.SENTENCE: _sentence,
}


class _Lines(Compiler):
    """Writes text, the lines of whose level begin with `line`; "": all on one line."""

    null = "'null'"

    def __init__(self, line: str, quick: bool = True) -> None:
        super().__init__()
        self._quick = quick
        self._line, self._inner, self._between = line, _deeper(line), _between(line)

    def function(self, record: Record) -> Callable[[Any], str]:
        line, inner = self._line, self._inner
        lines = [*self._taken_apart(record)] if self._quick else []
        always = [one for one in record.told() if one.when is None]
        form = self._between.join(f"{_dumps(one.name)}: %s" for one in always)
        values = [self._value(one) for one in always]
        if record.extends is not None:
            form = f"%s{self._between}{form}"
            front = (
                f"{self.later(record.extends, partial(_Lines, line))}({self.at(record.extended)})"
            )
            values.insert(0, f"{front}[{1 + len(inner)}:-{1 + len(line)}]")
        seldom = [self._at_times(one, record) for one in record.told() if one.when is not None]
        form = f"{{{inner}{form}{'%s' * len(seldom)}{line}}}"
        values += seldom
        lines.append(f"return {form!r} % ({', '.join(values)},)")
        write = self.compiled(record, lines)
        return lru_cache(maxsize=REMEMBERED, typed=True)(write) if record.few else write

    def _taken_apart(self, record: Record) -> Iterator[str]:
        """The lines that give the values in named tuples names of their own: to ask for
        one after the other takes six times as long. What is told by another class than
        the record's goes the slow way."""
        covered = {
            place: (named, fields_of(described))
            for place, described in sorted(record.covers.items())
            if issubclass(described, tuple)
            for named in (self.named(described),)
        }
        if "" not in covered:
            return
        others = [f"type({self.at(place)}) is not {named}" for place, (named, _) in covered.items()]
        slowly = self.later(record, partial(_Lines, self._line, quick=False))
        yield f"if {' or '.join(others)}:"
        yield f"    return {slowly}(told)"
        for place, (named, fields) in covered.items():
            places = [f"{place}.{field}" if place else field for field in fields]
            names = {one: f"{named}_{at}" for at, one in enumerate(places)}
            yield f"{', '.join(names.values())}, = {self.at(place)}"
            self.own |= names

    def _at_times(self, one: Attribute, record: Record) -> str:
        """The expression of an attribute that is there only where another has a word:
        behind all others, or nothing."""
        other, word = one.when or ("", "")
        place = next(one.place for one in record.told() if one.name == other)
        full = f"{self._between}{_dumps(one.name)}: %s"
        return f"({full!r} % ({self._value(one)},) if {self.at(place)} == {word!r} else '')"

    def _value(self, one: Attribute) -> str:
        """The expression of one attribute."""
        return self.or_null(one, self.read(one), self._writes(one.kind, self._inner) or "{}")

    def _writes(self, kind: Kind, line: str) -> str:
        """The expression of a kind's value, {} for it; "": a number as it comes. `line`
        is that of the value."""
        if isinstance(kind, Record):
            return f"{self.later(kind, partial(_Lines, line))}({{}})"
        if isinstance(kind, Listed):
            inner = (self._writes(kind.of, _deeper(line)) or "str({})").format("one")
            return _joined("[", f"[{inner} for one in {{}}]", "]", line)
        if isinstance(kind, Mapped):
            inner = (self._writes(kind.of, _deeper(line)) or "{}").format("one")
            quoted = self.named(_quoted)
            pairs = f"'%s: %s' % ({quoted}(key), {inner}) for key, one in {{}}.items()"
            return _joined("{{", f"[{pairs}]", "}}", line)
        if isinstance(kind, Scalar) and kind.form is Form.PAIR:
            pair = f"[{_deeper(line)}%d{_between(line)}%d{line}]"
            return f"{pair!r} % tuple({{}})"
        form = _FORMS.get(kind.form, _quoted) if isinstance(kind, Scalar) else _quoted
        return form if isinstance(form, str) else f"{self.named(form)}({{}})"


def _deeper(line: str) -> str:
    return line and f"{line} "


def _between(line: str) -> str:
    """What stands between the members of what begins on such a line."""
    return f",{_deeper(line) or ' '}"


def _joined(begin: str, items: str, end: str, line: str) -> str:
    """The expression of a list or object with these items; most are empty."""
    full, between = f"{begin}{_deeper(line)}%s{line}{end}", _between(line)
    if not line:
        items = items.replace("{}", "some")
        return f"({full!r} % {between!r}.join({items}) if (some := {{}}) else {begin + end!r})"
    return f"({full!r} % {between!r}.join(items) if (items := {items}) else {begin + end!r})"
