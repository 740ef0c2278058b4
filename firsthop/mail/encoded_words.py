"""Decodes encoded words (RFC 2047): in a Subject, in a display name, in a file name.
Linear in the text, and never raises.

A word that cannot be decoded stays as it is written. Neighbouring words of one charset
are decoded together, for many a program cuts a character in two. Only charsets of text
are tried: the name of a charset comes from the mail, and Python's codec registry would
keep every one it was asked for."""

from __future__ import annotations

import binascii
from encodings import normalize_encoding
from encodings.aliases import aliases

from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_START = compiled(r"=\?([^?\s]{1,60})\?([bBqQ])\?")
_LONE_EQUALS = compiled(rb"=(?![0-9A-Fa-f]{2})")
_NO_BASE64 = compiled(rb"[^A-Za-z0-9+/]+")
# What Python decodes as text and has no alias for; idna, punycode and the escape codecs
# are no charsets of mail.
_CHARSETS = frozenset(
    [
        *aliases,
        *aliases.values(),
        *(
            "cp720 cp737 cp856 cp874 cp875 cp1006 koi8_u mac_croatian mac_farsi mac_romanian "
            "utf_8_sig"
        ).split(),
    ]
)


class _Word(NamedTuple):
    """One encoded word, or several neighbours of one charset."""

    charset: str
    data: bytes


def decode_words(text: str) -> str:
    """`text` with its encoded words decoded; white space between two of them belongs to
    neither (RFC 2047 section 6.2)."""
    if "=?" not in text:
        return text
    shown: list[str] = []
    before: _Word | None = None
    place = 0
    while (match := _START.search(text, place)) and (stop := text.find("?=", match.end())) >= 0:
        between, place = text[place : match.start()], stop + 2
        word = _read(match[1], match[2], text[match.end() : stop])
        if before is not None and (
            word is None or between.strip() or word.charset != before.charset
        ):
            shown.append(_text(before))
            before = None if word is None or between.strip() else _Word(word.charset, b"")
        if word is None:
            shown += (between, text[match.start() : place])
        elif before is None:
            shown.append(between)
            before = word
        else:
            before = _Word(word.charset, before.data + word.data)
    if before is not None:
        shown.append(_text(before))
    return "".join(shown) + text[place:]


def _read(charset: str, encoding: str, text: str) -> _Word | None:
    """The bytes of a word; None where its encoding is broken. RFC 2231 section 5 allows
    a language behind the charset."""
    charset = charset.partition("*")[0].lower()
    stored = text.encode("utf-8", "backslashreplace")
    if encoding in "qQ":
        return _Word(charset, binascii.a2b_qp(_LONE_EQUALS.sub(b"=3D", stored), header=True))
    digits = _NO_BASE64.sub(b"", stored.partition(b"=")[0])
    if len(digits) % 4 == 1 or (stored and not digits):
        return None
    return _Word(charset, binascii.a2b_base64(digits + b"=" * (-len(digits) % 4)))


def _text(word: _Word) -> str:
    charset = normalize_encoding(word.charset).lower()
    if charset in _CHARSETS or charset.replace(".", "_") in _CHARSETS:
        try:
            return word.data.decode(charset, "backslashreplace")
        except (LookupError, ValueError):
            pass
    return word.data.decode("utf-8", "backslashreplace")
