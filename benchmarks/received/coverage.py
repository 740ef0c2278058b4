"""How much of the Received lines at hand is read: SpamAssassin's own parser cases, and
every line of the corpora.

    python -m benchmarks.received.coverage            writes
    docs/reference/received-coverage.md

The page holds figures and the tail by pattern: names are shown as H, addresses as A,
digits as 9, so that nobody's mail is published here."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpora import messages, root
from docs.prose import wrapped
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line import read_received
from firsthop.mail.header import find_block, split_block

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "received-coverage.md"
# Differences that are looked at, by field and by what firsthop reads, and why firsthop
# is right about them.
LOOKED_AT = {
    (
        "ident",
        "mail",
    ): "firsthop: Exim 3 prints the RFC 1413 user as a comment of its own behind the address; "
    "SpamAssassin reads no ident there",
}
ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|\[IPv6|[0-9a-f]+:[0-9a-f]*:[0-9a-f:]+")
# qmail's "invoked by uid" is no clause
BY = re.compile(r"(?:^|(?<!invoked)[\s)])by\s+[^\s;]", re.IGNORECASE)
FROM = re.compile(r"\(?from\b(.*?)\bby\b", re.IGNORECASE)


class Difference(NamedTuple):
    """One value that SpamAssassin reads otherwise."""

    field: str
    theirs: str
    ours: str
    line: str


class Coverage(NamedTuple):
    """What was read of a heap of lines."""

    lines: int
    naming_by: int  # lines with a by clause
    with_by: int
    with_date: int
    naming_address: int  # lines with an address between "from" and "by"
    with_address: int
    unread: int
    dialects: Counter[str]
    ids: Counter[tuple[str, str]]
    tails: dict[str, Counter[str]]


def spamassassin_cases(folder: Path) -> list[dict[str, object]]:
    """SpamAssassin's t/rcvd_parser.t as lines with what it reads (Apache-2.0)."""
    cases: list[dict[str, object]] = json.loads(
        (folder / "received" / "spamassassin-rcvd.json").read_text(encoding="utf-8")
    )
    return cases


def compare(
    cases: Iterable[dict[str, object]],
) -> tuple[int, int, list[Difference], list[tuple[str, Hop]]]:
    """Values that agree, all values, the differences, and the hops of the lines that
    SpamAssassin ignores."""
    total = 0
    differences, ignored = [], []
    for case in cases:
        line = " ".join(str(case["header"]).split())
        hop, expected = read_received(line), case["expected"]
        if not isinstance(expected, dict):
            ignored.append((line, hop))
            continue
        for field, ours, theirs in _values(hop, expected):
            total += 1
            if ours != theirs:
                differences.append(Difference(field, theirs, ours, line))
    return total - len(differences), total, differences, ignored


def _values(hop: Hop, expected: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Field, our value, their value; they write a literal as !1.2.3.4! and have only
    one word for absent and empty."""
    ours = {
        "ip": hop.client_address,
        "by": hop.by,
        "id": hop.queue_id,
        "helo": hop.helo,
        "envfrom": hop.reverse_path,
        "ident": hop.ident,
    }
    for field, value in ours.items():
        yield field, value or "", re.sub(r"^!(.*)!$", r"[\1]", expected.get(field, ""))
    yield "authenticated", str(hop.authenticated), str(bool(expected.get("auth")))


def received_lines() -> Iterator[str]:
    """Every Received value of the corpora, unfolded."""
    for labelled in messages():
        for field in split_block(labelled.data, find_block(labelled.data).stop):
            if field.key == "received":
                yield field.value


def cover(lines: Iterable[str]) -> Coverage:
    """What is read of the lines, and the patterns of what is not."""
    dialects: Counter[str] = Counter()
    ids: Counter[tuple[str, str]] = Counter()
    tails: dict[str, Counter[str]] = {
        "unread": Counter(),
        "no by": Counter(),
        "no date": Counter(),
        "address not read": Counter(),
    }
    count = naming = naming_by = 0
    for line in lines:
        hop = read_received(line)
        count += 1
        dialects[hop.dialect or "none"] += 1
        ids[_decoded(hop)] += 1
        named = FROM.match(line)
        naming += (has_address := bool(named and ADDRESS.search(named[1])))
        if hop.unread:
            tails["unread"][pattern(" ".join(hop.unread))] += 1
        naming_by += (has_by := bool(BY.search(line)))
        if has_by and not hop.by:
            tails["no by"][pattern(line)[:80]] += 1
        if hop.stamp is None or hop.stamp.wall is None:
            tails["no date"][pattern(line)[:80]] += 1
        if has_address and not hop.client_address:
            tails["address not read"][pattern(line)[:80]] += 1
    missing = {name: tail.total() for name, tail in tails.items()}
    return Coverage(
        count,
        naming_by,
        naming_by - missing["no by"],
        count - missing["no date"],
        naming,
        naming - missing["address not read"],
        missing["unread"],
        dialects,
        ids,
        tails,
    )


def _decoded(hop: Hop) -> tuple[str, str]:
    """Scheme of the queue id, and whether its time lies within the hour before the
    line's.

    A minute behind is forgiven: Postfix dates the line from the start of the
    transaction and names the queue file later (smtpd.c, cleanup)."""
    decoded = hop.queue_id_decoded
    if decoded is None:
        return "no scheme", "-"
    if not decoded.possible:
        return decoded.scheme, "impossible"
    if decoded.instant is None or hop.stamp is None or hop.stamp.instant is None:
        return decoded.scheme, "no time"
    return (
        decoded.scheme,
        "fits" if -60 <= hop.stamp.instant - decoded.instant <= 3600 else "does not fit",
    )


def pattern(text: str) -> str:
    """A text without anybody's names, addresses and numbers."""
    text = re.sub(r"\d+:\d\d(?::\d\d)?\b", "T", text)
    text = re.sub(r"[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]+", "V", text)
    text = re.sub(r"[^\s<>()]+@[^\s<>()]+", "A", text)
    text = re.sub(r"[\w-]+(?:\.[\w-]+)+", "H", text)
    return re.sub(r"\d+", "9", text)


def page(folder: Path) -> str:
    """The reference page."""
    agree, total, differences, ignored = compare(spamassassin_cases(folder))
    lines = list(received_lines())
    start = time.process_time()
    found = cover(lines)
    cold = (time.process_time() - start) / len(lines) * 1e6
    start = time.process_time()
    for line in lines:
        read_received(line)
    warm = (time.process_time() - start) / len(lines) * 1e6
    return "\n".join(
        [
            "# Received lines: what is read",
            "",
            (
                "Written by `python -m benchmarks.received.coverage`. Names are shown as H, "
                "addresses as A, digits as 9."
            ),
            "",
            *_spamassassin_part(agree, total, differences, ignored),
            *_corpora_part(found),
            *_ids_part(found),
            "## Speed",
            "",
            (
                f"`read_received` took {warm:.0f} µs a line on a second pass over the {len(lines)} "
                f"lines, and {cold:.0f} µs (with the counting) on the first,"
            ),
            (
                "which also compiles the tables that come up. One process, one core, memory "
                "bounded "
                "by the sizes of the caches."
            ),
            "",
        ]
    )


def _spamassassin_part(
    agree: int, total: int, differences: list[Difference], ignored: list[tuple[str, Hop]]
) -> list[str]:
    rows = [
        (
            f"| {d.field} | `{d.theirs}` | `{d.ours}` | "
            f"{LOOKED_AT.get((d.field, d.ours), 'not looked at')} | `{d.line[:110]}` |"
        )
        for d in differences
    ]
    kept = [
        f"| {hop.kind} | {hop.dialect or '-'} | {hop.by or '-'} | `{line[:100]}` |"
        for line, hop in ignored
    ]
    return [
        "## SpamAssassin's parser cases",
        "",
        (
            f"{agree} of {total} values agree ({agree / total:.1%}): client address, by, id, "
            f"HELO, envelope sender, ident, authenticated or not."
        ),
        "",
        "| field | SpamAssassin | firsthop | who is right | line |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"The {len(ignored)} lines that SpamAssassin ignores are kept as hops:",
        "",
        "| kind | dialect | by | line |",
        "|---|---|---|---|",
        *kept,
        "",
    ]


def _corpora_part(found: Coverage) -> list[str]:
    rows = [
        ("by read, of lines with a by clause", found.with_by, found.naming_by),
        ("by read, of all", found.with_by, found.lines),
        ("date read", found.with_date, found.lines),
        ("client address read, of lines that name one", found.with_address, found.naming_address),
        ("something unread", found.unread, found.lines),
    ]
    return [
        "## The corpora",
        "",
        "| | lines | of | share |",
        "|---|---:|---:|---:|",
        *[f"| {name} | {n} | {of} | {n / of:.2%} |" for name, n, of in rows],
        "",
        *[line for name, tail in found.tails.items() for line in _tail(name, tail)],
        "Dialects: " + ", ".join(f"{name} {n}" for name, n in found.dialects.most_common()) + ".",
        "",
    ]


def _tail(name: str, tail: Counter[str]) -> list[str]:
    return [
        f"### {name.capitalize()}: {tail.total()} lines",
        "",
        "| lines | pattern |",
        "|---:|---|",
        *[f"| {n} | `{_cell(text)}` |" for text, n in tail.most_common()],
        "",
    ]


def _cell(text: str) -> str:
    return text[:120].replace("|", "\\|").replace("`", "'")


def _ids_part(found: Coverage) -> list[str]:
    schemes = sorted({scheme for scheme, _ in found.ids} - {"no scheme"})
    words = ("fits", "does not fit", "no time", "impossible")
    return [
        "## Queue ids",
        "",
        (
            "Fits: the time in the id lies within the hour before the line's own (a minute "
            "behind is forgiven: Postfix names the queue file after it took"
        ),
        "the time). A short Postfix id holds no whole time.",
        "",
        "| scheme | " + " | ".join(words) + " |",
        "|---|" + "---:|" * len(words),
        *[
            f"| {scheme} | " + " | ".join(str(found.ids[scheme, word]) for word in words) + " |"
            for scheme in schemes
        ],
        "",
    ]


if __name__ == "__main__":
    PAGE.write_text(wrapped(page(root())), encoding="utf-8")
