"""Base64 (RFC 4648, both alphabets, from every alignment, over line ends) and
hexadecimal, decoded wherever a run of their digits stands.

A run that is neither decodes to noise. Of what was decoded only stretches of printable
text are kept: whole ones from FEWEST characters on, and within noise from LONGER on."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterable, Iterator

from firsthop.publication.redaction.scan.view import View

FEWEST = 4  # characters of text that a whole run decodes to
LONGER = 8  # the same within noise

# a line feed too, so that rows are counted on the way
_BASE64 = re.compile(r"\n|[A-Za-z0-9+/_-]{6,}")
_DIGITS = r"[A-Za-z0-9+/_-]"
_WRAPPED = re.compile(rf"(?<!{_DIGITS})(?:{_DIGITS}{{16,}}+[ \t>]*+\r?\n[ \t>]*+)+{_DIGITS}+")
_HEX = re.compile(r"\n|[0-9A-Fa-f]{8,}")
# not over lines: a table of numbers is none
_SPACED_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[ :,]{1,2}){4,}(?:0x|\\x)?[0-9A-Fa-f]{2}")
_BREAKS = re.compile(r"[\s>]+")
_NO_HEX = re.compile(r"0x|[^0-9A-Fa-f]")
_STANDARD = str.maketrans("-_", "+/")
_TEXT = re.compile(
    rb"(?:[\t\n\r -~]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+"
)

Decoder = Callable[[str], Iterator[bytes]]


def decoded(view: View, seen: set[str]) -> Iterator[View]:
    """What the runs of a view decode to, one view an encoding; those that were `seen`
    in another view of the file are not decoded again."""
    for encoding, decode, runs in (
        ("hexadecimal", _hexadecimal, (_HEX, _SPACED_HEX)),
        ("base64", _base64, (_BASE64, _WRAPPED)),
    ):
        rows = [
            (text, line)
            for run, line in _runs(view, runs, seen)
            for data in decode(run)
            for text in texts(data)
        ]
        if rows:
            yield view.of_rows(encoding, rows)


def packed(view: View) -> Iterator[tuple[bytes, str, int]]:
    """What the runs decode to as bytes, for what is packed once more: data, encoding,
    line."""
    for run, line in _runs(view, (_WRAPPED, _BASE64), set()):
        if run.startswith(("H4s", "UEs", "eJ", "eN", "eA", "QlpoO", "JVBERi")):
            for data in _base64(run):
                yield data, "base64", line
                break
    for run, line in _runs(view, (_HEX,), set()):
        if run[:6].lower().startswith(("1f8b", "504b03", "789c", "78da", "7801")):
            yield binascii.unhexlify(run[: len(run) // 2 * 2]), "hexadecimal", line


def texts(data: bytes) -> Iterator[str]:
    """The stretches of text in bytes."""
    if b"\0" in data:  # UTF-16 of Western text
        data = data.replace(b"\0", b"")
    for match in _TEXT.finditer(data):
        size = len(match[0])
        if size >= LONGER or (size == len(data) and size >= FEWEST):
            yield match[0].decode("utf-8", "replace")


def _runs(
    view: View, patterns: Iterable[re.Pattern[str]], seen: set[str]
) -> Iterator[tuple[str, int]]:
    """Each run once, with the line it begins on."""
    for pattern in patterns:
        told = _over_lines if pattern is _WRAPPED or pattern is _SPACED_HEX else _in_lines
        for run, line in told(view, pattern):
            if (key := f"{pattern is _HEX}{run}") not in seen:
                seen.add(key)
                yield run, line


def _in_lines(view: View, pattern: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """Runs that end with their row; each once."""
    row, met = 0, {"\n"}
    for run in pattern.findall(view.text):
        if run not in met:
            met.add(run)
            yield run, view.line_of_row(row)
        elif run == "\n":
            row += 1


def _over_lines(view: View, pattern: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """Runs with blanks or line ends within."""
    for match in pattern.finditer(view.text):
        yield _BREAKS.sub("", match[0]), view.line(match.start())


def _base64(run: str) -> Iterator[bytes]:
    """What a run decodes to from each of its first four digits on."""
    digits = run.translate(_STANDARD)
    for start in range(4):
        part = digits[start:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        if len(part) > 3:
            yield binascii.a2b_base64(part + "=" * (-len(part) % 4))


def _hexadecimal(run: str) -> Iterator[bytes]:
    digits = _NO_HEX.sub("", run)
    for start in range(2):
        part = digits[start:]
        yield binascii.unhexlify(part[: len(part) // 2 * 2])
