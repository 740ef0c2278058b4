"""A text with its escapes undone, row by row: percent (RFC 3986), HTML and XML
references, JSON and similar escapes, quoted-printable (RFC 2045 section 6.7), encoded
words (RFC 2047), punycode (RFC 3492), tags, and what defangs an address for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from firsthop.mail.character_references import unescaped
from firsthop.mail.encoded_words import decode_words
from firsthop.publication.redaction.scan.view import View

JOINED = "without tags"  # cells and pieces that stand apart become one: no form tells
PASSES = 3  # escapes within escapes that are undone

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BACKSLASH = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|/)")
_BLANK = re.compile(r"\\[nrtbf]")  # JSON: a line end or tab before a word
_CSS = re.compile(r"\\([0-9A-Fa-f]{2,6})\s?")
_OCTETS = re.compile(r"(?:=[0-9A-Fa-f]{2})+")
_SOFT = re.compile(r"=[ \t]*\r?\n")
_NEVER = re.compile(r"(?!)")
_WORDS = re.compile(
    r"=\?[^?\s]{1,40}\?[bBqQ]\?[^?\n]{0,400}\?=(?:\s*=\?[^?\s]{1,40}\?[bBqQ]\?[^?\n]{0,400}\?=)*"
)
_TAG = re.compile(r"<[/!?A-Za-z][^<>]{0,4000}>")
_TAG_OF_A_ROW = re.compile(r"<[/!?A-Za-z][^<>\n]{0,4000}>")  # rows of digits have no common tag
_BREAK = "\0"  # a line end in what was replaced
_INLINE = re.compile(
    r"</?(?:wbr|b|i|u|s|em|strong|span|tspan|a|code|font|small|mark|sub|sup|bdi|bdo|abbr)\b",
    re.IGNORECASE,
)
_PUNYCODE = re.compile(r"xn--([a-z0-9-]{1,59})", re.IGNORECASE)
_AT = re.compile(r"\s{0,2}[\[({<]\s?(?:@|at|chiocciola)\s?[\])}>]\s{0,2}", re.IGNORECASE)
_DOT = re.compile(r"\s{0,2}[\[({]\s?(?:\.|dot|punto)\s?[\])}]\s{0,2}", re.IGNORECASE)
_MARKUP = re.compile(r"\\([^\w\s])")  # Markdown and others: a mark that is meant
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def undone(view: View) -> Iterator[View]:
    """The view with its escapes undone in each way that changes it."""
    text = view.text.replace(_BREAK, " ")
    for _ in range(PASSES):
        former = text
        for undo in _UNDO:
            text = undo(text)
        if text == former:
            break
    yield from _changed(view, "escaped", text)
    if "=" in view.text:
        yield from _quoted_printable(view)
    if "<" in text:
        tag = _TAG_OF_A_ROW if view.may_be_noise else _TAG
        yield from _changed(view, "tags", tag.sub(_of_a_tag, text))
        yield from _changed(view, JOINED, tag.sub(lambda m: _breaks(m[0]), text))


def _changed(view: View, encoding: str, text: str) -> Iterator[View]:
    """The rows that were decoded, without those that are as they were; each with the
    line on which it begins."""
    if text != view.text:
        yield view.of_rows(encoding, _changed_rows(view, text))


def _changed_rows(view: View, text: str) -> Iterator[tuple[str, int]]:
    old, row = view.text.split("\n"), 0
    if _BREAK not in text:
        pairs = enumerate(zip(text.split("\n"), old, strict=False))
        yield from ((new, view.line_of_row(n)) for n, (new, former) in pairs if new != former)
        return
    for new in text.split("\n"):
        broken = new.count(_BREAK)
        if broken or new != old[min(row, len(old) - 1)]:
            yield new.replace(_BREAK, ""), view.line_of_row(row)
        row += 1 + broken


def _breaks(text: str) -> str:
    """What stands for the line ends in what is replaced, so that rows are counted."""
    return _BREAK * text.count("\n")


def _of_a_tag(match: re.Match[str]) -> str:
    """What stands for a tag: nothing where it is within a word, else a blank."""
    return ("" if _INLINE.match(match[0]) else " ") + _breaks(match[0])


def _percent(text: str) -> str:
    return _PERCENT.sub(lambda m: _octets(bytes.fromhex(m[0].replace("%", ""))), text)


def _references(text: str) -> str:
    return _one_row(unescaped(text), text) if "&" in text else text


def _backslash(text: str) -> str:
    if "\\" not in text:
        return text
    text = _BLANK.sub(" ", _BACKSLASH.sub(_code_point, text))
    text = _SURROGATES.sub(lambda m: m[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _MARKUP.sub(r"\1", text)


def _css(text: str) -> str:
    return _CSS.sub(lambda m: _character(m[1]), text) if "\\" in text else text


def _code_point(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    return _character(digits) if digits else "/"


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if 0x20 <= code <= 0x10FFFF else " "


def _encoded_words(text: str) -> str:
    if "=?" not in text:
        return text
    return _WORDS.sub(lambda m: _flat(decode_words(m[0])) + _breaks(m[0]), text)


def _punycode(text: str) -> str:
    return _PUNYCODE.sub(_label, text) if "xn--" in text.lower() else text


def _label(match: re.Match[str]) -> str:
    try:
        return match[1].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return match[0]


def _defanged(text: str) -> str:
    if not any(mark in text for mark in "[({<"):
        return text
    text = _AT.sub(lambda m: "@" + _breaks(m[0]), text)
    return _DOT.sub(lambda m: "." + _breaks(m[0]), text)


_UNDO: tuple[Callable[[str], str], ...] = (
    _percent,
    _references,
    _backslash,
    _css,
    _encoded_words,
    _punycode,
    _defanged,
)


def _quoted_printable(view: View) -> Iterator[View]:
    """Octets written =XX, and lines that a soft break parts."""
    soft = _NEVER if view.may_be_noise else _SOFT  # nor a line that goes on
    if _OCTETS.search(view.text) or soft.search(view.text):
        yield view.of_rows("quoted-printable", _octet_rows(view, soft))


def _octet_rows(view: View, soft: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """The rows with such octets or breaks, decoded."""
    for text, line, broken in joined_rows(view, soft):
        if "=" in text or broken:
            plain = _OCTETS.sub(lambda m: _octets(bytes.fromhex(m[0].replace("=", ""))), text)
            if broken or plain != text:
                yield plain, line


def joined_rows(view: View, mark: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """The rows of a text where those that a mark parts are one; each with the line that
    it begins on and how often it was parted."""
    row = 0
    for whole in mark.sub("\0", view.text).split("\n"):
        broken = whole.count("\0")
        yield whole.replace("\0", ""), view.line_of_row(row), broken
        row += 1 + broken


def _octets(data: bytes) -> str:
    try:
        return _flat(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _flat(data.decode("latin-1"))


def _flat(text: str) -> str:
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text


def _one_row(decoded: str, text: str) -> str:
    """What was decoded, unless it brought rows of its own."""
    if decoded.count("\n") == text.count("\n"):
        return decoded
    return "\n".join(_flat(unescaped(row)) for row in text.split("\n"))
