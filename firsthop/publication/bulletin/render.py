"""What all formats share: says a value in a language, and makes control characters
visible. The formats bring their own quoting.

A sentence may ask for a form of a value behind a colon: `{n:word}` for a small number
as a word (of n and total both, or none), `{n:Word}` at its beginning, `{first:from}`,
`{last:to}`, `{day:on}` and `{day:of}` for a date with its preposition."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from firsthop.publication.bulletin.document import (
    Day,
    Document,
    Duration,
    Instant,
    Joined,
    Listed,
    Month,
    Paragraph,
    Period,
    Quoted,
    Value,
    Word,
)
from firsthop.publication.bulletin.spoken import (
    long_span,
    moment,
    month,
    number,
    number_word,
    period,
)
from firsthop.publication.words import say, template

Quote = Callable[[str], str]
_Piece = tuple[str, str | None, str | None, str | None]  # literal, name, form, conversion
_SPELLED = ("word", "Word")  # forms of a number: as a word; as one that begins a sentence
_SHARE = ("n", "total")  # so many of so many: both as words, or both in digits
_SMALL = tuple(str(n) for n in range(1, 11))  # numbers that are written as words


def title(document: Document, language: str) -> str:
    """The operator's title in the language, or the program's own."""
    told = document.title or ""
    own = told if isinstance(told, str) else told.get(language)
    return own or say(language, "document.default_title")


def words(value: Value | Paragraph, language: str, quote: Quote, plain: Quote) -> str:
    """A value or paragraph said in a language: `quote` wraps text that is not ours and
    what our own sentences hold between back-ticks, `plain` escapes the rest."""
    return _Said(language, quote, plain).value(value)


class _Said:
    """Says values in a language, for a format."""

    def __init__(self, language: str, quote: Quote, plain: Quote) -> None:
        self.language, self.quote, self.plain = language, quote, plain

    def value(self, value: Value | Paragraph, form: str = "") -> str:
        """A value, in the form that its place in the sentence asks for."""
        if isinstance(value, Quoted):
            return self.quote(value.text)
        if isinstance(value, Joined):
            return self._joined(value.values, value.between)
        if isinstance(value, Listed):
            return self._listed(value.values)
        if isinstance(value, Word | Paragraph):
            return self._filled(value, capital=form == "Word")
        return self.plain(self._own(value, "" if form in _SPELLED else form))

    def _own(self, value: str | Duration | Instant | Day | Month | Period, form: str) -> str:
        if isinstance(value, str):
            return number(value, self.language)
        if isinstance(value, Duration):
            return long_span(value.seconds, self.language)
        if isinstance(value, Period):
            return period(value, self.language)
        if isinstance(value, Month):
            return month(value, self.language)
        return moment(value, self.language, form)

    def _joined(self, values: Sequence[Value], between: str) -> str:
        return between.join(map(self.value, values))

    def _listed(self, values: Sequence[Value]) -> str:
        if len(values) < 2:
            return self._joined(values, "")
        last = self.plain(say(self.language, "list.last")) + self.value(values[-1])
        return self._joined(values[:-1], ", ") + last

    def _filled(self, owner: Word | Paragraph, *, capital: bool) -> str:
        """The text of a key with its values; its numbers as words where all that may be
        are small ones."""
        values = owner.values
        n, total = values.get("n"), values.get("total")
        counts = (one if isinstance(one, str) else None for one in (n, total))
        pieces = list(string.Formatter().parse(template(self.language, owner.key, *counts)))
        if capital and pieces:
            pieces[0] = _capital(*pieces[0])
        share = [values[name] for _, name, form, _ in pieces if name in _SHARE and form in _SPELLED]
        spelled = all(one in _SMALL for one in share)
        return "".join(self._piece(values, piece, spelled) for piece in pieces)

    def _piece(
        self,
        values: Mapping[str, Value],
        piece: _Piece,
        spelled: bool,
    ) -> str:
        literal, name, form, _ = piece
        text = "".join(
            self.quote(part) if odd % 2 else self.plain(part)
            for odd, part in enumerate(literal.split("`"))
        )
        if not name:
            return text
        value = values[name]
        small = value in _SMALL and (spelled or name not in _SHARE)
        if small and form in _SPELLED and isinstance(value, str):
            word = number_word(value, self.language)
            return text + self.plain(word.capitalize() if form == "Word" else word)
        return text + self.value(value, form or "")


def _capital(literal: str, name: str | None, form: str | None, rest: str | None) -> _Piece:
    """The piece as a sentence begins."""
    begun = literal[:1].upper() + literal[1:]
    return begun, name, form if literal else "Word", rest


def visible(text: str) -> str:
    """`text` with control, format and unassigned characters written as escapes: none
    reaches a reader's screen as itself."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _harmless(c) else f"\\u{{{ord(c):x}}}" for c in text)


def _harmless(c: str) -> bool:
    return c == " " or unicodedata.category(c)[0] not in "CZ"
