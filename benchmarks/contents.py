"""Holds the content that the native kernel reads, and the passages that it finds,
against those of Python: on every message of the corpora, and on messages whose bodies
were damaged by what readers of MIME and HTML cut, nest and count by.

python -m benchmarks.contents --mutants 100000 --seed 1 compares, tells how many
messages the kernel left to Python, and ends with 1 where anything differs

python -m benchmarks.contents --seed 1 --only 4711 one mutant again, with the fields
that differ"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from benchmarks.corpora import messages
from benchmarks.mutations import ODD, Pool, mutant
from firsthop.campaign.features import content as features
from firsthop.evidence.bulk.native.content import content_reader, native_content
from firsthop.evidence.bulk.native.texts import native_passages
from firsthop.evidence.content import read_content
from firsthop.mail.header import find_block
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail

Result = TypeVar("Result")
CHUNK = 500  # mutants a task
SHOWN = 20  # differences that are told
LONGEST_BODY = 15_000  # of a message in the pool
_NEAR = 600  # bytes behind the header, where the first part begins
_PASSAGES = (features.WORDS, features.FEWEST, features.RUN, features.PASSAGES)
_RULE = b"\n" + b"_" * 47 + b"\n"
TOKENS = (  # what is put into bodies
    *(b"<", b">", b"</", b"<?", b"/", b"<!--", b"-->", b"<script>", b"</script>", b"</style"),
    *(b"<title>", b"</title>", b"<title ", b"<form action=", b"<FORM ", b"<IMG>", b"name="),
    *(b"class=", b'class="', b"#ff00ff", b"#FF00Fg", b"'", b'"', b"<b" + b"q" * 25),
    *(b"http://", b"https://x.y/", b"://", b"HTTPS://", b"y" * 399, b"x" * 4_001),
    *(b"&#", b"&#x", b"&amp", b"&amp;", b"&notit;", b"&nbsp", b"&#128;", b"&frac12a"),
    *(b"&#xd800;", b"&#1114112;", b"&#65534;", b"&#xfdd0;", b"&ThickSpace;", b"&" + b"a" * 33),
    *(b"=\n", b"=\r\n", b"=3D", b"==", b"=", b"=4", b"begin 644 a\n", b"=?utf-8?q?a?="),
    *(b"\n--", b"\r\n--", b"--\n", b"\n\n", b"\n\r\n", b"\r\n\r\n", b"\r\r", b" mailing list\n"),
    *(b"Content-Type: text/html\n", b"Content-Type: text/plain; charset=", b"content-type:"),
    *(b"Content-Transfer-Encoding: base64\n", b"multipart/mixed", b"multipart/digest"),
    *(b"Content-Transfer-Encoding: quoted-printable\n", b"message/rfc822", b"boundary="),
    *(b'boundary="', b"; name=", b'; name=""', b"filename*0*=x", b"charset=", b"utf-8"),
    *(b"iso-8859-1", b"us-ascii", b"koi8-r", b"windows-1252", b"z" * 21, b"\n" + b"-" * 30 + b"\n"),
    _RULE + b"x mailing list\na@b\nhttp://x",
    # letters that count as others where case is not looked at, blanks beyond ASCII, and
    # bytes that are no text
    *[c.encode() for c in "\u017f\u0130\u0131\u03a3\u212a\u3000\x85\xa0\x1cß\U0001f389\u0661"],
    *(b"\x80", b"\x93", b"\xff", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x28"),
    *("ä".encode() * count for count in (300, 4_000)),
)


class Found(NamedTuple):
    """What a comparison found."""

    messages: int
    left: int  # to Python, by the kernel
    different: list[str]


def damaged(seed: int, number: int, pool: Pool) -> bytes:
    """The mutant of a seed and a number: a quarter of them as benchmarks/mutations.py
    makes them, the others with tokens in their bodies."""
    chance = random.Random(f"content {seed} {number}")
    if chance.random() < 0.25:
        return mutant(seed, number, pool)[0]
    data = chance.choice(pool)
    body = find_block(data).body
    if chance.random() < 0.15:
        other = chance.choice(pool)
        data = data[:body] + other[find_block(other).body :]
    for _ in range(chance.randint(1, 12)):
        data = _damaged_once(chance, data, body)
    return data


def _damaged_once(chance: random.Random, data: bytes, body: int) -> bytes:
    first, last = chance.choice(
        ((0, body), (body, min(len(data), body + _NEAR)), (body, len(data)), (body, len(data)))
    )
    at = chance.randint(min(first, last), last)
    token = chance.choice(TOKENS if chance.random() < 0.8 else ODD)
    how = chance.random()
    if how < 0.6:
        return data[:at] + token * chance.choice((1, 1, 1, 2, 5)) + data[at:]
    if how < 0.75:
        return data[:at] + token + data[at + len(token) :]
    if how < 0.85:
        return data[:at] + data[at + chance.randint(1, 60) :]
    if how < 0.93:
        return data[:at] + bytes((chance.randrange(256),)) + data[at + 1 :]
    start = chance.randint(0, len(data))
    return data[:at] + data[start : start + chance.randint(1, 2_000)] + data[at:]


def compare_contents(named: Iterable[tuple[str, bytes]]) -> Found:
    """Reads messages by both, as from a list and not."""
    if content_reader() is None:
        return Found(0, 0, ["there is no native kernel"])
    count = left = 0
    different: list[str] = []
    for name, data in named:
        message = read_mail(raw_mail(data, "a.eml", "eml"))
        listed = count % 2 == 1
        count += 1
        expected = read_content(message, listed=listed)
        found = native_content(message, listed=listed)
        passages = native_passages(expected.text, _PASSAGES)
        left += found is None
        if passages not in (None, features.passages_in_python(expected.text)):
            different.append(f"{name}: passages")
        if found not in (None, expected):
            different += _differences(name, found, expected)
    return Found(count, left, different)


def _differences(name: str, found: NamedTuple, expected: NamedTuple) -> Iterator[str]:
    for part, one, other in zip(found._fields, found, expected, strict=True):
        if one != other:
            yield f"{name}: {part}: {one!r:.200} is {other!r:.200} in Python"


def compare_damaged(seed: int, numbers: Sequence[int], pool: Pool) -> Found:
    """Compares the mutants of these numbers."""
    return compare_contents((f"mutant {number}", damaged(seed, number, pool)) for number in numbers)


def cut(data: bytes) -> bytes:
    """A message for the pool."""
    return data[: find_block(data).body + LONGEST_BODY]


def _told(what: str, found: Iterable[Found]) -> bool:
    """Tells a comparison; whether anything differed."""
    start, every = time.monotonic(), list(found)
    count, left = sum(one.messages for one in every), sum(one.left for one in every)
    different = [line for one in every for line in one.different]
    seconds = time.monotonic() - start
    print(f"{what}: {count} messages, {left} left to Python, {seconds:.0f} s")
    print(f"  different: {len(different)}")
    for line in different[:SHOWN]:
        print(f"    {line}")
    return bool(different)


def compared(
    arguments: Sequence[str],
    about: str | None,
    compare: Callable[[Iterable[tuple[str, bytes]]], Result],
    of_mutants: Callable[..., Result],
    told: Callable[[str, Iterable[Result]], bool],
    cut_for_pool: Callable[[bytes], bytes],
) -> int:
    """A command that compares all of the corpora, and mutants of them: 1 where `told`
    says that something was wrong."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--workers", type=int, default=multiprocessing.cpu_count())
    asked = parser.parse_args(arguments)
    corpus = [(one.path, one.data) for one in messages()]
    pool = [cut_for_pool(data) for _, data in corpus]
    if asked.only is not None:
        return int(told(f"mutant {asked.only}", [of_mutants(asked.seed, [asked.only], pool)]))
    wrong = told("corpora", map(compare, [corpus]))
    chunks = [range(place, place + CHUNK) for place in range(0, asked.mutants, CHUNK)]
    with multiprocessing.Pool(asked.workers) as workers:
        work = partial(of_mutants, asked.seed, pool=pool)
        return int(told("mutants", workers.imap_unordered(work, chunks)) or wrong)


def main(arguments: Sequence[str]) -> int:
    """The command."""
    return compared(arguments, __doc__, compare_contents, compare_damaged, _told, cut)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
