"""A heap of any size made of the corpora's real messages, as mailboxes of whole
messages for `investigate` itself.

    python -m benchmarks.campaigns.multiplied SIZE FOLDER

The messages of at most LARGEST bytes, again and again; from the second copy on every
word, number and address that at most RARE of them carry is replaced by one of the same
letters-and-digits form, drawn from the copy and the word: within a copy campaigns stay
what they are, and copies share what is common in mail anyway. Texts in base64 are
renamed inside, other base64 blocks get other first bytes, HTML gets a few empty tags
that differ from copy to copy. Dates stay."""

from __future__ import annotations

import re
import sys
from base64 import b64decode, encodebytes
from collections import Counter
from collections.abc import Iterator
from functools import partial
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path

from benchmarks.corpora import messages

LARGEST = 32_768  # bytes; nine of ten messages
RARE = 40  # messages of the corpora that carry a token, at most
MAILBOX = 10_000  # messages of one file
_TOKEN = re.compile(rb"\d{1,3}(?:\.\d{1,3}){3}|[A-Za-z0-9]{4,}")
_BLOCK = re.compile(
    rb"(?:^[A-Za-z0-9+/]{40,100}\r?\n)+(?:^[A-Za-z0-9+/=]{1,100}\r?$)?", re.MULTILINE
)
_ENVELOPE = re.compile(rb"\AFrom [^\n]{0,400}\n")  # of the mailbox a message was taken from
_HEXADECIMAL = re.compile(rb"(?=[^0-9]*[0-9])(?:[0-9a-f]+|[0-9A-F]+)")
_TAGS = (b"<b></b>", b"<i></i>", b"<u></u>")
Piece = bytes | int | list["Piece"]  # as it is; the number of a rare token; a block of base64


class Multiplied:
    """The corpora's messages, cut where a copy differs."""

    def __init__(self) -> None:
        mail = [
            _ENVELOPE.sub(b"", one.data)
            for one in messages()
            if one.data and len(one.data) <= LARGEST
        ]
        carriers = Counter(
            token
            for data in mail
            for token in {t for text in _texts(data) for t in _TOKEN.findall(text)}
        )
        self._rare = {
            token: number
            for number, token in enumerate(t for t, n in carriers.items() if n <= RARE)
        }
        self._tokens = list(self._rare)
        self._mail = [list(self._cut(data)) for data in mail]

    def __len__(self) -> int:
        return len(self._mail)

    def message(self, number: int) -> bytes:
        """One of endlessly many."""
        copy, index = divmod(number, len(self._mail))
        data = b"".join(self._made(piece, copy) for piece in self._mail[index])
        return _tagged(data, copy) if copy else data

    def _cut(self, data: bytes) -> Iterator[Piece]:
        at = 0
        for block in _BLOCK.finditer(data):
            yield from self._words(data[at : block.start()])
            inside = _decoded(block[0])
            yield list(self._words(inside)) if _is_text(inside) else [b"", inside]
            at = block.end()
        yield from self._words(data[at:])

    def _words(self, text: bytes) -> Iterator[Piece]:
        at = 0
        for match in _TOKEN.finditer(text):
            if (number := self._rare.get(match[0])) is not None:
                yield text[at : match.start()]
                yield number
                at = match.end()
        yield text[at:]

    def _made(self, piece: Piece, copy: int) -> bytes:
        if isinstance(piece, bytes):
            return piece
        if isinstance(piece, int):
            return renamed(self._tokens[piece], copy) if copy else self._tokens[piece]
        inside = b"".join(self._made(one, copy) for one in piece)
        if copy and len(piece) == 2 and piece[0] == b"":
            inside = blake2b(copy.to_bytes(4, "big"), digest_size=9).digest() + inside[9:]
        return encodebytes(inside).removesuffix(b"\n")


def renamed(token: bytes, copy: int) -> bytes:
    """A token of the same form: its digits and letters drawn anew, the first number of
    an address kept."""
    drawn = blake2b(token, key=copy.to_bytes(4, "big"), digest_size=32).digest()
    if b"." in token:
        return b".".join((token.split(b".")[0], *(b"%d" % byte for byte in drawn[:3])))
    letters = 6 if _HEXADECIMAL.fullmatch(token) else 26
    return bytes(_drawn(byte, drawn[at % 32], letters) for at, byte in enumerate(token))


def mailboxes(size: int, folder: Path) -> None:
    """Writes so many messages as mailboxes (mboxrd), with all processors."""
    with get_context("fork").Pool(initializer=_SOURCE.append, initargs=(Multiplied(),)) as pool:
        pool.map(partial(_mailbox, size, folder), range(0, size, MAILBOX), chunksize=1)


_SOURCE: list[Multiplied] = []  # of this process


def _mailbox(size: int, folder: Path, start: int) -> None:
    (source,) = _SOURCE
    with (folder / f"{start // MAILBOX:04}.mbox").open("wb") as file:
        for number in range(start, min(size, start + MAILBOX)):
            quoted = re.sub(rb"^(>*From )", rb">\1", source.message(number), flags=re.MULTILINE)
            file.write(
                b"From copy@corpora.example Thu May 29 14:18:38 2014\n"
                + quoted.rstrip(b"\r\n")
                + b"\n\n"
            )


def _drawn(byte: int, chance: int, letters: int) -> int:
    if 48 <= byte <= 57:
        return 48 + chance % 10
    return (97 if byte >= 97 else 65) + chance % letters


def _texts(data: bytes) -> Iterator[bytes]:
    yield _BLOCK.sub(b"", data)
    yield from (inside for block in _BLOCK.findall(data) if _is_text(inside := _decoded(block)))


def _decoded(block: bytes) -> bytes:
    digits = re.sub(rb"[^A-Za-z0-9+/]", b"", block)
    whole = len(digits) // 4 * 4
    rest = digits[whole:]
    return b64decode(digits[:whole] + ((rest + b"==")[:4] if len(rest) > 1 else b""))


def _is_text(data: bytes) -> bool:
    try:
        return data.decode().count("\0") == 0
    except UnicodeDecodeError:
        return False


def _tagged(data: bytes, copy: int) -> bytes:
    """HTML with tags that differ from copy to copy."""
    tags = b""
    while copy:
        copy, digit = divmod(copy, 3)
        tags += _TAGS[digit]
    return re.sub(
        rb"(<body[^>]{0,200}>)", lambda match: match[1] + tags, data, count=1, flags=re.IGNORECASE
    )


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.mkdir(parents=True)
    mailboxes(int(sys.argv[1]), target)
