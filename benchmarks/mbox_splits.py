"""Counts the wrong splits and the missed ones of the mbox reader: on the mboxes of the
corpora, and on mboxes made of the corpora's messages, whose separators are known.

    python -m benchmarks.mbox_splits
        writes docs/reference/mbox.md
    python -m benchmarks.mbox_splits --show KIND
        prints the first wrong or missed lines of one kind
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpora import members, messages
from benchmarks.mbox_texts import QUOTED, SENTENCES, with_fields, with_note
from docs.prose import wrapped
from firsthop.mail.header import find_block
from firsthop.mail.sources.mbox import split_mbox
from firsthop.mail.sources.sniff import header_start

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "mbox.md"
BOXES, MESSAGES, MOST_BYTES = 60, 12, 20_000
POOL = 1_500
SEED = 4155
OWN_LINE = re.compile(rb"\A(?:From [^\n]*\n)+")
CONTENT_TYPE = re.compile(
    rb"^content-type:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE
)
CONTENT_LENGTH = re.compile(rb"^content-length:.*\n", re.IGNORECASE | re.MULTILINE)
# What the corpora's mailboxes hold: a Message-ID, or a "From -" line, for each message
CORPUS = {
    "content-length.mbox": 29,
    "jwz-summary": 152,
    "issue1189.mbox": 4,
    "simple.mbox": 3,
    "unmunged.mbox": 2,
    "mbox.rlug": 5,
}

Chance = random.Random
Writer = Callable[[Chance, bytes], bytes]  # a message, and how it stands in the mbox
Body = Callable[[Chance, bytes], bytes]


class Kind(NamedTuple):
    """One kind of mbox: what its bodies hold, and how it is written."""

    name: str
    separator: str
    body: Body
    write: Writer
    between: bytes = b"\n"
    crlf: bool = False
    hostile: bool = False


class Count(NamedTuple):
    """What was found of the mboxes of one kind."""

    name: str
    messages: int
    wrong: int
    missed: int
    lines: tuple[bytes, ...] = ()


DOVECOT = "{a}  {asc}"
SEPARATORS = {
    "Thunderbird": "- {asc}",
    "Google Takeout": "{n}@xxx {d} {m} {day:02} {t} +0000 {y}",
    "Mailman": "{u} at example.org  {asc}",
    "Mailman in Italian": "{u} a example.org  {asc}",
    "Eudora": "???@??? {asc}",
    "a date of RFC 5322": "{a} {d}, {day} {m} {y} {t} +0100",
    "a zone": "{a} {asc} CEST",
    "two spaces, remote from": "{a}  {asc} remote from relay",
    "a local user": "root {asc}",
    "the empty reverse-path": "MAILER-DAEMON {asc}",
    "ISO 8601": "{a} {y}-07-{day:02}T{t}+00:00",
    "Netscape without a date": "-",
}


def as_is(_: Chance, mail: bytes) -> bytes:
    return mail


def mboxo(_: Chance, mail: bytes) -> bytes:
    return re.sub(rb"^From ", b">From ", mail, flags=re.MULTILINE)


def mboxrd(_: Chance, mail: bytes) -> bytes:
    return re.sub(rb"^(>*From )", rb">\1", mail, flags=re.MULTILINE)


def with_length(chance: Chance, mail: bytes, lie: int = 0) -> bytes:
    """The message with a Content-Length, which is wrong by up to `lie`."""
    block = find_block(mail)
    header = CONTENT_LENGTH.sub(b"", mail[: block.stop])
    length = max(len(mail) - block.body + (chance.randint(-lie, lie) if lie else 0), 0)
    return header + b"Content-Length: %d\n" % length + mail[block.stop :]


def put(chance: Chance, mail: bytes, texts: Callable[[Chance], bytes]) -> bytes:
    """A paragraph put into the body."""
    return mail.rstrip(b"\n") + b"\n\n" + texts(chance) + b"\n\nYours\n"


def put_in_part(chance: Chance, mail: bytes, texts: Callable[[Chance], bytes]) -> bytes:
    """The text as a part of a multipart message."""
    block = find_block(mail)
    header = CONTENT_TYPE.sub(b"", mail[: block.stop])
    boundary = b"=_%032x" % chance.getrandbits(128)
    return (
        header
        + b'Content-Type: multipart/mixed;\n boundary="%s"\n\n--%s\n\nSee below\n--%s\n'
        % (boundary, boundary, boundary)
        + b"Content-Type: text/plain\n\n"
        + texts(chance)
        + b"\n--%s--\n" % boundary
    )


def kinds() -> Iterator[Kind]:
    """Every kind, in the order of the page."""
    sentence = partial(put, texts=lambda c: c.choice(SENTENCES))
    for name, form in {"an address, asctime": DOVECOT, **SEPARATORS}.items():
        yield Kind(f"separators: {name}", form, sentence, as_is)
    yield Kind("escaped, mboxo", DOVECOT, sentence, mboxo)
    yield Kind("escaped, mboxrd", DOVECOT, sentence, mboxrd)
    yield Kind("CRLF", DOVECOT, sentence, as_is, crlf=True)
    yield Kind("no empty line before a separator", DOVECOT, sentence, as_is, between=b"")
    yield Kind("the same, Thunderbird", SEPARATORS["Thunderbird"], sentence, as_is, between=b"")
    yield Kind("Content-Length, right", DOVECOT, sentence, with_length)
    yield Kind("Content-Length, wrong", DOVECOT, sentence, lambda c, m: with_length(c, m, len(m)))
    yield Kind("Content-Length over others' messages", DOVECOT, sentence, as_is, hostile=True)
    for name, texts in {
        "a sentence, then a line with a colon": lambda c: with_note(c, SENTENCES),
        "a sentence, then Subject and Date": lambda c: with_fields(c, SENTENCES),
        **QUOTED,
    }.items():
        yield Kind(f"in a body: {name}", DOVECOT, partial(put, texts=texts), as_is)
        if name in QUOTED:
            part = partial(put_in_part, texts=texts)
            yield Kind(f"in a part: {name}", DOVECOT, part, as_is)
            yield Kind(
                f"in a body, Content-Length right: {name}",
                DOVECOT,
                partial(put, texts=texts),
                with_length,
            )


def make(kind: Kind, chance: Chance, pool: list[bytes]) -> tuple[bytes, list[int]]:
    """An mbox of one kind, and the places of its separators."""
    mails = [
        kind.write(chance, kind.body(chance, chance.choice(pool)) if chance.random() < 0.5 else m)
        for m in chance.sample(pool, MESSAGES)
    ]
    if kind.hostile:
        mails[0] = over_others(chance, kind, mails)
    return joined(chance, kind, mails)


def over_others(chance: Chance, kind: Kind, mails: list[bytes]) -> bytes:
    """The first message with a Content-Length that ends where another message does."""
    state = chance.getstate()
    stop = chance.randint(3, len(mails))
    whole, places = joined(chance, kind, mails)
    chance.setstate(state)
    chance.randint(3, len(mails))
    end = places[stop] if stop < len(places) else len(whole)
    first = mails[0]
    block = find_block(first)
    header = CONTENT_LENGTH.sub(b"", first[: block.stop])
    rest = len(whole[places[0] : places[1]]) - len(kind.between) - len(first)
    begin = places[0] + rest + block.body
    return header + b"Content-Length: %d\n" % (end - 1 - begin) + first[block.stop :]


def joined(chance: Chance, kind: Kind, mails: list[bytes]) -> tuple[bytes, list[int]]:
    whole, places = b"", []
    for mail in mails:
        places.append(len(whole))
        end = b"" if mail.endswith(b"\n") else b"\n"
        whole += separator(chance, kind.separator) + mail + end + kind.between
        if kind.crlf:
            whole = whole[: places[-1]] + whole[places[-1] :].replace(b"\n", b"\r\n")
    return whole, places


def separator(chance: Chance, form: str) -> bytes:
    day, hour = chance.randint(1, 28), chance.randint(0, 23)
    d = chance.choice(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
    m = chance.choice(["Jan", "May", "Jul", "Dec"])
    t, y = f"{hour:02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}", 2014
    user = chance.choice(["ana", "carlo.rossi", "bounce+7-x=example.net", "m0004"])
    values = {"a": f"{user}@example.org", "u": user, "n": chance.randint(10**17, 10**18)}
    asc = f"{d} {m} {day:2} {t} {y}"
    return f"From {form.format(**values, asc=asc, d=d, m=m, day=day, t=t, y=y)}\n".encode()


def pool() -> list[bytes]:
    """Messages of the corpora as files of their own, with line ends of LF."""
    found = []
    for one in messages():
        mail = OWN_LINE.sub(b"", one.data.replace(b"\r\n", b"\n"))
        block = find_block(mail)
        if len(mail) <= MOST_BYTES and re.match(rb"[!-9;-~]+:", mail) and block.stop < block.body:
            # what the message's own lines would add is not what is counted here
            found.append(re.sub(rb"(?m)^From (?=-|[^\n]*\d:\d)", b">From ", mail))
    return random.Random(SEED).sample(found, min(POOL, len(found)))


def counted(kind: Kind, mails: list[bytes]) -> Count:
    chance = random.Random(f"{SEED}{kind.name}")
    total = wrong = missed = 0
    lines: list[bytes] = []
    for _ in range(BOXES):
        whole, places = make(kind, chance, mails)
        found = {e.start - len(e.separator) - 1 - kind.crlf for e in split_mbox(whole)}
        total += len(places)
        wrong += len(found - set(places))
        missed += len(set(places) - found)
        lines += [whole[at : at + 160] for at in sorted(found ^ set(places))]
    return Count(kind.name, total, wrong, missed, tuple(lines))


def of_corpora() -> Iterator[Count]:
    """The mailboxes of the corpora against how many messages they hold."""
    files = {path: data for path, data in members().items() if "mbox" in path}
    for name, expected in CORPUS.items():
        (data,) = (data for path, data in files.items() if path.removesuffix(".txt").endswith(name))
        found = sum(1 for _ in split_mbox(data, header_start(data[:100])))
        yield Count(name, expected, max(found - expected, 0), max(expected - found, 0))


def page(corpora: list[Count], made: list[Count]) -> str:
    return wrapped(
        f"""# Splitting an mbox

<!-- written by `python -m benchmarks.mbox_splits`: do not edit -->

What separates messages is told in `firsthop/mail/sources/separator.py`. A split is wrong
where the reader cuts and the mbox's writer put no separator; missed where the writer put
one and the reader does not cut. Where a body holds a whole separator with a whole header
behind it, unescaped and without MIME delimiters or lengths around it, both readings are
possible: the reader cuts, since a wrong cut shows one message too many and a missed one
hides a message.

## The corpora's mailboxes

{table(corpora)}

## Mailboxes made of the corpora's messages

{BOXES} mboxes a kind, {MESSAGES} messages each; in half of the messages a text is put into
the body: where nothing else is said, a sentence that begins with "From " and has a date or
a clock time in it.

{table(made)}
"""
    )


def table(counts: list[Count]) -> str:
    rows = [f"| {c.name} | {c.messages:,} | {c.wrong:,} | {c.missed:,} |" for c in counts]
    return "\n".join(
        ["| kind | messages | wrong splits | missed |", "| --- | ---: | ---: | ---: |", *rows]
    )


def main() -> None:
    """Counts, and writes the page or shows one kind."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show")
    show = arguments.parse_args().show
    mails = pool()
    if show is not None:
        (kind,) = (kind for kind in kinds() if kind.name == show)
        for line in counted(kind, mails).lines[:20]:
            print(line)
        return
    text = page(list(of_corpora()), [counted(kind, mails) for kind in kinds()])
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
