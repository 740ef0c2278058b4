"""From a description to JSON: writes objects as their record says.

A record is compiled once, to the function that one would write by hand: a dict with an
expression a key. What is compiled comes out of the program's own descriptions alone.
Never raises for what a mail holds. Sentences are English."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, TypeVar

from firsthop.evidence.schema.vocabulary import (
    Attribute,
    Form,
    Kind,
    Listed,
    Mapped,
    Record,
    Scalar,
)
from firsthop.publication.finding_text import finding_text
from firsthop.publication.json.values import Object, number, time_text
from firsthop.system.kept_code import code_of

Write = Callable[[Any], Any]
Written = TypeVar("Written")
SHORT = 30  # characters: a sentence about one such value is kept, mostly of a count


def sentence(told: tuple[str, tuple[tuple[str, str], ...]]) -> str:
    """A key and its values as an English sentence."""
    key, values = told
    short = not values or (len(values) == 1 and len(values[0][1]) <= SHORT)
    return (_remembered if short else _sentence)(key, values)


def _sentence(key: str, values: tuple[tuple[str, str], ...]) -> str:
    return finding_text("en", key, dict(values))


_remembered = lru_cache(maxsize=1_024)(_sentence)


# How a form is written; the others are as they come.
FORMS: Mapping[Form, Write] = {
    Form.ENUMERATED: str,
    Form.UNBOUNDED: number,
    Form.INSTANT: time_text,
    Form.PAIR: list,
    Form.SENTENCE: sentence,
}
NULL_TOO = frozenset((Form.UNBOUNDED, Form.INSTANT))  # None is None of itself


def writer(record: Record) -> Callable[[Any], Object]:
    """What writes the objects of a record."""
    return when_used(lambda: _Objects().function(record))


def when_used(make: Callable[[], Callable[[Any], Written]]) -> Callable[[Any], Written]:
    """The function that `make` compiles, compiled when it is first called."""
    made = cache(make)

    def write(told: Any) -> Written:
        return made()(told)

    return write


class Compiler(ABC):
    """Turns the attributes of a record into expressions, and these into a function."""

    null: str  # the expression of nothing

    def __init__(self) -> None:
        self._names: dict[str, Any] = {}  # what the expressions call
        self.own = {"": "told"}  # what has a name of its own, by its place in the object

    def compiled(self, record: Record, lines: Iterable[str]) -> Callable[[Any], Any]:
        """The function of these lines."""
        text = "\n    ".join(("def write(told):", *lines))
        exec(code_of(text, f"<the record {record.name}>"), self._names)  # noqa: S102 - see above
        write: Callable[[Any], Any] = self._names["write"]
        return write

    def named(self, call: Any) -> str:
        """A name under which the function can call something."""
        name = f"_{len(self._names)}"
        self._names[name] = call
        return name

    @abstractmethod
    def function(self, record: Record) -> Write:
        """What writes a record."""

    def later(self, record: Record, compiler: Callable[[], Compiler]) -> str:
        """A name for what writes another record, which is compiled when there is one to
        write."""

        def first(told: Any) -> Any:
            self._names[name] = write = compiler().function(record)
            return write(told)

        name = self.named(first)
        return name

    def at(self, place: str) -> str:
        """The expression of what stands in a place of the object."""
        front, rest = place, ""
        while front not in self.own:
            front, _, last = front.rpartition(".")
            rest = f".{last}{rest}"
        return self.own[front] + rest

    def read(self, one: Attribute) -> str:
        """The expression of what is told of an attribute, before it is written."""
        value = self.at(one.place)
        if one.read is None:
            return value
        read = f"{self.named(one.read)}({value})"
        skips = one.null and one.place
        return f"(None if {value} is None else {read})" if skips else read

    def or_null(self, one: Attribute, value: str, write: str) -> str:
        """The expression that writes a value, or nothing where there is none."""
        knows_null = isinstance(one.kind, Scalar) and one.kind.form in NULL_TOO
        if not one.null or knows_null:
            return write.format(value)
        if value in self.own.values():
            return f"({self.null} if {value} is None else {write.format(value)})"
        return f"({self.null} if (it := {value}) is None else {write.format('it')})"


class _Objects(Compiler):
    """Writes dicts."""

    null = "None"

    def function(self, record: Record) -> Callable[[Any], Object]:
        always = [f"{one.name!r}: {self._value(one)}" for one in record.told() if not one.when]
        front = ""
        if record.extends is not None:
            front = f"**{self.later(record.extends, _Objects)}({self.at(record.extended)}), "
        lines = [f"written = {{{front}{', '.join(always)}}}"]
        for one in record.told():
            if one.when is not None:
                other, word = one.when
                lines.append(f"if written[{other!r}] == {word!r}:")
                lines.append(f"    written[{one.name!r}] = {self._value(one)}")
        return self.compiled(record, [*lines, "return written"])

    def _value(self, one: Attribute) -> str:
        """The expression of one attribute."""
        value = self.read(one)
        write = self._writes(one.kind)
        if not write:
            return value
        return self.or_null(one, value, write)

    def _writes(self, kind: Kind) -> str:
        """The expression of a kind's value, {} for the value; "": as it comes."""
        if isinstance(kind, Record):
            return f"{self.later(kind, _Objects)}({{}})"
        if isinstance(kind, Listed):
            inner = self._writes(kind.of)
            return f"[{inner.format('one')} for one in {{}}]" if inner else "list({})"
        if isinstance(kind, Mapped):
            inner = self._writes(kind.of) or "{}"
            return f"{{{{key: {inner.format('one')} for key, one in {{}}.items()}}}}"
        form = FORMS.get(kind.form) if isinstance(kind, Scalar) else None
        return f"{self.named(form)}({{}})" if form else ""
