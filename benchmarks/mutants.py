"""Reads damaged corpus mail the whole way, as a file, as pasted text and as an mbox,
and holds every reading against what must always be true.

    python -m benchmarks.mutants --mutants 1000000 --seed 1
        writes docs/reference/robustness.md
    python -m benchmarks.mutants --seed 1 --only 4711
        one mutant again, with the traceback of what fails

Neither a crash nor a broken promise stops the run: each is counted with the number of
its mutant. Times are CPU seconds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.corpora import messages
from benchmarks.mutations import GIANTS, MUTATIONS, Giant, Pool, mutant
from benchmarks.promises import BrokenPromiseError, Readings, read_input, read_whole_way
from docs.prose import wrapped
from firsthop.mail.header import find_block

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "robustness.md"
BODY_BYTES = 3_000  # of a message that are kept in the pool: the reading path is about headers
CHUNK = 2_000  # mutants a task
WORST = 10  # mutants named on the page
MOST_SECONDS = 20  # a mutant that takes longer has failed


class TooLongError(BrokenPromiseError):
    """A reading that takes too long."""


@dataclass
class Tally:
    """What a run found."""

    mutants: int = 0
    read: Readings = field(default_factory=Readings)
    kinds: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    # seconds, number, kinds, bytes
    slowest: list[tuple[float, int, tuple[str, ...], int]] = field(default_factory=list)
    # what fails: the numbers of the mutants
    failures: dict[str, list[int]] = field(default_factory=dict)
    peaks: dict[int, list[int]] = field(default_factory=dict)  # process: peak MiB after each task

    def add(self, other: Tally) -> None:
        """Takes in what another part of the run found."""
        self.mutants += other.mutants
        self.read.add(other.read)
        self.kinds += other.kinds
        self.seconds += other.seconds
        self.slowest = sorted(self.slowest + other.slowest, reverse=True)[:WORST]
        for what, numbers in other.failures.items():
            self.failures[what] = sorted(self.failures.get(what, []) + numbers)
        for process, peaks in other.peaks.items():
            self.peaks.setdefault(process, []).extend(peaks)


def corpus_pool() -> Pool:
    """The messages of the corpora, their bodies cut."""
    return [shortened(labelled.data) for labelled in messages()]


def shortened(data: bytes) -> bytes:
    """A message with the first bytes of its body."""
    return data[: find_block(data).body + BODY_BYTES]


def run(seed: int, numbers: range, pool: Pool) -> Tally:
    """Reads the mutants of those numbers."""
    tally = Tally()
    signal.signal(signal.SIGALRM, _stop)
    for number in numbers:
        data, kinds = mutant(seed, number, pool)
        start = time.process_time()
        signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
        try:
            read_whole_way(data, tally.read)
        except Exception as fault:  # noqa: BLE001 - finding what is raised is the purpose
            tally.failures.setdefault(_what_failed(fault), []).append(number)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        seconds = time.process_time() - start
        tally.mutants += 1
        tally.seconds += seconds
        tally.kinds.update(kinds)
        tally.slowest.append((seconds, number, kinds, len(data)))
    tally.slowest = sorted(tally.slowest, reverse=True)[:WORST]
    tally.peaks[multiprocessing.current_process().pid or 0] = [peak_mib()]
    return tally


def _stop(_signal: int, _frame: object) -> None:
    raise TooLongError(f"more than {MOST_SECONDS} s")


def _what_failed(fault: Exception) -> str:
    """An exception by its type, its text without numbers and the line of the program
    that raised it."""
    frames = [
        frame
        for frame in traceback.extract_tb(fault.__traceback__)
        if "firsthop" in Path(frame.filename).parts or "benchmarks" in frame.filename
    ]
    where = (
        f"{'/'.join(Path(frames[-1].filename).parts[-3:])}:{frames[-1].lineno}" if frames else "?"
    )
    return f"{type(fault).__name__}: {re.sub(r'[0-9]+', '9', str(fault))[:80]} ({where})"


def peak_mib() -> int:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (
        1 << 20 if sys.platform == "darwin" else 1 << 10
    )


_POOL: Pool = ()


def _task(seed: int, numbers: range) -> Tally:
    return run(seed, numbers, _POOL)


def run_in_processes(seed: int, mutants: int, processes: int) -> Tally:
    """Shares the mutants out among processes that inherit the pool."""
    global _POOL  # noqa: PLW0603 - inherited by fork, so that it is not sent with each task
    _POOL = corpus_pool()
    tally = Tally()
    tasks = [range(start, min(start + CHUNK, mutants)) for start in range(0, mutants, CHUNK)]
    start = time.monotonic()
    with multiprocessing.get_context("fork").Pool(processes) as workers:
        for done, part in enumerate(workers.imap_unordered(partial(_task, seed), tasks), 1):
            tally.add(part)
            if done % max(len(tasks) // 50, 1) == 0:
                rate = tally.mutants / (time.monotonic() - start)
                print(
                    f"{tally.mutants} mutants, {rate:.0f} a second, slowest "
                    f"{tally.slowest[0][:2]}, {sum(map(len, tally.failures.values()))} failed",
                    flush=True,
                )
    return tally


@dataclass(frozen=True)
class Measured:
    """What one giant cost, and what came of it."""

    name: str
    size: int
    seconds: float
    mib: int  # peak over what the input and the program take
    came: str


def measure_giant(giant: Giant, scale: float) -> Measured:
    """Reads a giant in a process of its own."""
    with multiprocessing.get_context("fork").Pool(1) as worker:
        return worker.apply(_measure, (GIANTS.index(giant), scale))


def _measure(index: int, scale: float) -> Measured:
    giant = GIANTS[index]
    data = giant.make(scale)
    before, start, read = peak_mib(), time.process_time(), Readings()
    came = ""
    try:
        read_input(data, giant.uri, read, set())
    except Exception as fault:  # noqa: BLE001 - as above
        came = _what_failed(fault)
    seconds, peak = time.process_time() - start, peak_mib() - before
    return Measured(
        giant.name,
        len(data),
        seconds,
        peak,
        came or f"{read.messages.total()} read, {read.skipped} skipped, {read.hops} hops",
    )


def page(tally: Tally, giants: list[Measured], seed: int, pool_size: int) -> str:
    """The page."""
    half = {process: peaks[len(peaks) // 2] for process, peaks in tally.peaks.items()}
    return "\n".join(
        [
            "# Robustness",
            "",
            (
                f"Written by `python -m benchmarks.mutants --mutants {tally.mutants} --seed "
                f"{seed}` "
                f"(Python {platform.python_version()}). Times are CPU seconds of one process."
            ),
            "",
            "## Mutants",
            "",
            (
                f"{tally.mutants:,} mutants of the {pool_size:,} messages of the corpora "
                f"(header and "
                f"the first {BODY_BYTES:,} bytes of the body), each with one to five kinds "
                f"of damage,"
            ),
            (
                "each read as a file, as pasted text and as an mbox, without own servers and with "
                "the topmost writer as own server, through every check to the JSON."
            ),
            "",
            f"- **failed: {sum(map(len, tally.failures.values())):,}**",
            (
                f"- messages read: {tally.read.messages.total():,} "
                f"({', '.join(f'{name} {n:,}' for name, n in tally.read.messages.most_common())}), "
                f"with {tally.read.hops:,} hops"
            ),
            f"- inputs or parts of them skipped with a reason: {tally.read.skipped:,}",
            (
                f"- mean {1000 * tally.seconds / tally.mutants:.1f} ms a mutant (three inputs); "
                f"slowest {tally.slowest[0][0]:.2f} s"
            ),
            (
                f"- peak memory a process: {max(map(max, tally.peaks.values()))} MiB, "
                f"{max(half.values())} MiB at half the way"
            ),
            "",
            (
                "Of each reading is demanded: fields, separator and body write back to exactly the "
                "bytes; the bytes stand in the input at the offset that is told;"
            ),
            (
                "every span lies in the message; each Received field gives a hop that keeps its "
                "line; instants and offsets print; addresses are canonical;"
            ),
            (
                "the JSON is strict, one line of printable ASCII, and tells every hop; and no "
                "exception."
            ),
            "",
            *_failures(tally),
            "### The slowest",
            "",
            "| seconds | mutant | bytes | damage |",
            "|---:|---:|---:|---|",
            *[
                f"| {seconds:.2f} | {number} | {size:,} | {', '.join(kinds)} |"
                for seconds, number, kinds, size in tally.slowest
            ],
            "",
            "`--only` with its number makes a mutant again.",
            "",
            "### Kinds of damage",
            "",
            "| damage | times |",
            "|---|---:|",
            *[f"| {kind} | {tally.kinds[kind]:,} |" for kind in MUTATIONS],
            "",
            "## Giants",
            "",
            (
                "One input of one kind each, in a process of its own. Memory is what comes "
                "on top of "
                "the program and the input."
            ),
            "",
            "| input | bytes | seconds | MiB | what came of it |",
            "|---|---:|---:|---:|---|",
            *[f"| {g.name} | {g.size:,} | {g.seconds:.2f} | {g.mib} | {g.came} |" for g in giants],
            "",
        ]
    )


def _failures(tally: Tally) -> list[str]:
    if not tally.failures:
        return []
    rows = [
        f"| {len(numbers):,} | {what.replace('|', '/')} | {numbers[0]} |"
        for what, numbers in sorted(tally.failures.items(), key=lambda pair: -len(pair[1]))
    ]
    return ["### Failures", "", "| mutants | what | first |", "|---:|---|---:|", *rows, ""]


def main() -> None:
    """Runs and writes the page; with --only, shows one mutant."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--mutants", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--only", type=int)
    options.add_argument(
        "--giants", action="store_true", help="only the giants, without writing the page"
    )
    chosen = options.parse_args()
    if chosen.only is not None:
        data, kinds = mutant(chosen.seed, chosen.only, corpus_pool())
        print(kinds, data)
        read_whole_way(data, Readings())
        return
    giants = []
    for giant in GIANTS:
        giants.append(measure_giant(giant, 1))
        print(giants[-1], flush=True)
    if chosen.giants:
        return
    tally = run_in_processes(chosen.seed, chosen.mutants, chosen.processes)
    PAGE.write_text(wrapped(page(tally, giants, chosen.seed, len(_POOL))), encoding="utf-8")
    print(page(tally, giants, chosen.seed, len(_POOL)))


if __name__ == "__main__":
    main()
