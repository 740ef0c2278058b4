"""Holds the native kernel against the Python path, column by column: on every message
of the corpora, on damaged ones, and on lines put together of clauses of others.

python -m benchmarks.kernel --mutants 1000000 --seed 1 compares, tells what was handed
over, and ends with 1 where anything differs python -m benchmarks.kernel --seed 1 --only
4711 one mutant again, with the columns that differ

A mutant is that of benchmarks/mutants.py of the same seed and number. Each batch is
read twice, so that forms are met before and after they are learnt."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from benchmarks.corpora import messages
from benchmarks.mutants import shortened
from benchmarks.mutations import Pool, mutant
from benchmarks.recombined import Pool as Recombined
from benchmarks.recombined import mails, pool_of, recombined
from firsthop.evidence.bulk.header import read_header
from firsthop.evidence.bulk.native.read import kernel, read_natively
from firsthop.evidence.bulk.read import read_in_python
from firsthop.evidence.kept_fields import kept_parts
from firsthop.evidence.schema.columns import Columns
from firsthop.evidence.schema.kept_field import HEADER_FIELDS
from firsthop.mail.message import Message, Source
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers

BATCH = 64
CHUNK = 1_024  # mutants a task
TOLD = 64  # tasks, after which it is told how far it is
SHOWN = 20  # differences that are told
# nothing is known of the receiver; whoever wrote the topmost line is taken for it
OWNS = (OwnServers(), OwnServers(assume=True))
_SOURCE = Source("", "eml", 0, "")


@dataclass
class Tally:
    """What a comparison found."""

    messages: int = 0
    lines: int = 0
    handed_over: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Takes in what another one found."""
        self.messages += other.messages
        self.lines += other.lines
        self.handed_over += other.handed_over
        self.different += other.different


def compare(names: Sequence[str], datas: Sequence[bytes], own: OwnServers) -> Tally:
    """Reads messages by both, twice."""
    mails = [RawMail(_SOURCE, data) for data in datas]
    expected = read_in_python(mails, own)
    kept = kept_columns([expected.facts(number).message for number in range(len(mails))])
    tally = Tally(len(mails), len(expected.hops["message"]))
    for _ in range(2):
        batch = read_natively(mails, own)
        if batch is None:
            tally.different.append(f"{names[0]}: the kernel failed")
            continue
        tally.handed_over += Counter(batch.handed_over)
        tally.different += _differences(names, batch.messages, expected.messages)
        of = [names[message] for message in expected.hops["message"]]
        tally.different += _differences(of, batch.hops, expected.hops)
        of = [names[message] for message in kept["message"]]
        tally.different += _differences(of, batch.kept_fields() or {}, kept)
    return tally


def kept_columns(of: Sequence[Message]) -> Columns:
    """The kept fields of messages, column by column."""
    numbers, parts = kept_parts(of)
    return {"message": numbers, **HEADER_FIELDS.filled(parts)}


def _differences(
    names: Sequence[str],
    found: Mapping[str, Sequence[object]],
    expected: Mapping[str, Sequence[object]],
) -> Iterator[str]:
    if list(found) != list(expected):
        yield f"{names[0] if names else ''}: other columns"
        return
    for column, values in expected.items():
        if values != found[column]:
            rows = zip(names, found[column], values, strict=False)
            yield from (
                f"{name}: {column}: {one!r:.80} is {other!r:.80} in Python"
                for name, one, other in rows
                if one != other
            )
            if len(found[column]) != len(values):
                yield f"{names[0]}: {column}: {len(found[column])} rows are {len(values)}"


def compare_mutants(seed: int, numbers: Sequence[int], pool: Pool) -> Tally:
    """Compares the mutants of these numbers."""
    tally = Tally()
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        datas = [mutant(seed, number, pool)[0] for number in some]
        own = OWNS[start // BATCH % len(OWNS)]
        tally.add(compare([f"mutant {number}" for number in some], datas, own))
    return tally


def compare_recombined(chance: int, count: int, pool: Recombined) -> Tally:
    """Compares so many messages whose lines are recombined."""
    lines, tally = recombined(pool, chance), Tally()
    for start in range(0, count, BATCH):
        datas = mails(lines, min(BATCH, count - start))
        names = [f"recombined {chance}, {start + number}" for number in range(len(datas))]
        tally.add(compare(names, datas, OWNS[0]))
    return tally


def lines_of(datas: Iterable[bytes]) -> Iterator[str]:
    """The Received lines of messages whose header is plain."""
    for data in datas:
        if header := read_header(data):
            yield from header.received()


def _told(what: str, tally: Tally, seconds: float) -> None:
    handed = ", ".join(f"{name} {count}" for name, count in sorted(tally.handed_over.items()))
    print(f"{what}: {tally.messages} messages, {tally.lines} lines, {seconds:.0f} s", flush=True)
    print(f"  handed over in two readings: {handed}")
    print(f"  different: {len(tally.different)}")
    for line in tally.different[:SHOWN]:
        print(f"    {line}")


def main(arguments: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recombined", type=int, default=1_000, help="messages of 8 lines")
    parser.add_argument("--only", type=int)
    parser.add_argument("--workers", type=int, default=multiprocessing.cpu_count())
    asked = parser.parse_args(arguments)
    if kernel() is None:
        sys.exit("no native kernel: python kernel/build.py")
    corpus = [(one.path, one.data) for one in messages()]
    pool = [shortened(data) for _, data in corpus]
    if asked.only is not None:
        tally = compare_mutants(asked.seed, [asked.only], pool)
        _told(f"mutant {asked.only}", tally, 0)
        return int(bool(tally.different))
    start, tally = time.monotonic(), Tally()
    for place in range(0, len(corpus), BATCH):
        names, datas = zip(*corpus[place : place + BATCH], strict=True)
        for own in OWNS:
            tally.add(compare(names, datas, own))
    _told("corpora", tally, time.monotonic() - start)
    different = len(tally.different)
    start, lines = time.monotonic(), pool_of(lines_of(data for _, data in corpus))
    tally = compare_recombined(asked.seed, asked.recombined, lines)
    _told("recombined", tally, time.monotonic() - start)
    different += len(tally.different)
    start, tally = time.monotonic(), Tally()
    chunks = [range(place, place + CHUNK) for place in range(0, asked.mutants, CHUNK)]
    with multiprocessing.Pool(asked.workers) as workers:
        work = partial(compare_mutants, asked.seed, pool=pool)
        for number, found in enumerate(workers.imap_unordered(work, chunks), 1):
            tally.add(found)
            if number % TOLD == 0:
                _told("so far", tally, time.monotonic() - start)
    _told("mutants", tally, time.monotonic() - start)
    return int(bool(different + len(tally.different)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
