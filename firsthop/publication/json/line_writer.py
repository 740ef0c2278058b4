"""From a description to a line of JSON at once, without the objects between: for who
writes many.

The text is the one that `writer` and `json.dumps` give. A record of which some keys are
there only at times is written as an object first. Never raises for what a mail holds.
Lone surrogates stay as they are escaped: they are for the caller.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
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
)
from firsthop.publication.json.values import number, time_text
from firsthop.publication.json.writer import Compiler, sentence, when_used, writer

_dumps = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def line_writer(record: Record) -> Callable[[Any], str]:
    """What writes the objects of a record as text."""
    return when_used(lambda: _Lines().function(record))


def _number(value: int | None) -> str:
    return "null" if (whole := number(value)) is None else str(whole)


def _time(instant: int | None) -> str:
    return "null" if (text := time_text(instant)) is None else f'"{text}"'


def _real(value: float) -> str:
    return repr(value) if isfinite(value) else _dumps(value)


def _sentence(told: tuple[str, tuple[tuple[str, str], ...]]) -> str:
    return _quoted(sentence(told))


def _enumerated(word: object) -> str:
    return f'"{word}"'  # a word of the program's own


# How a form is written where it is not as a text; None: as a number is.
_FORMS: Mapping[Form, Callable[[Any], str] | None] = {
    Form.SMALL: None,
    Form.NUMBER: None,
    Form.UNBOUNDED: _number,
    Form.REAL: _real,
    Form.BOOLEAN: {False: "false", True: "true"}.__getitem__,
    Form.ENUMERATED: _enumerated,
    Form.INSTANT: _time,
    Form.PAIR: "[%d, %d]".__mod__,
    Form.SENTENCE: _sentence,
}


class _Lines(Compiler):
    """Writes text."""

    null = "'null'"

    def function(self, record: Record) -> Callable[[Any], str]:
        if any(one.when for one in record.told()):
            write = writer(record)
            return lambda told: _dumps(write(told))
        form = ", ".join(f"{_dumps(one.name)}: %s" for one in record.told())
        values = [self._value(one) for one in record.told()]
        if record.extends is not None:
            form = f"%s, {form}"
            values.insert(0, f"{self.later(record.extends)}(told.{record.extended})[1:-1]")
        return self.compiled(record, [f"return {f'{{{form}}}'!r} % ({', '.join(values)},)"])

    def _value(self, one: Attribute) -> str:
        """The expression of one attribute."""
        return self.or_null(one, self.read(one), self._writes(one.kind) or "{}")

    def _writes(self, kind: Kind) -> str:
        """The expression of a kind's value, {} for it; "": a number as it comes."""
        if isinstance(kind, Record):
            return f"{self.later(kind)}({{}})"
        if isinstance(kind, Listed):
            inner = (self._writes(kind.of) or "str({})").format("one")
            return f"'[%s]' % ', '.join([{inner} for one in {{}}])"
        if isinstance(kind, Mapped):
            inner = (self._writes(kind.of) or "{}").format("one")
            quoted = self.named(_quoted)
            pairs = f"'%s: %s' % ({quoted}(key), {inner}) for key, one in {{}}.items()"
            return f"'{{{{%s}}}}' % ', '.join([{pairs}])"
        form = _FORMS.get(kind.form, _quoted) if isinstance(kind, Scalar) else _quoted
        return f"{self.named(form)}({{}})" if form else ""
