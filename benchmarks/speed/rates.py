"""Messages a CPU-second of each tool, and the ratios between them."""

from __future__ import annotations

import marshal
import platform
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.speed.fresh import run
from benchmarks.speed.parts import PARTS, Mails
from benchmarks.speed.tools import OWN, TOOLS, installed

ROUNDS = 5
STATES = ("cold", "steady")
# Stalwart's mail-parser (Rust), headers alone: it could not be built here when the page
# was written. In an earlier run it read so many times the messages of fast-mail-parser
# 0.10: 25,260 to 7,054 and 60,958 to 33,679 a CPU-second.
STALWART = {"pp": 25_260 / 7_054, "sa": 60_958 / 33_679}
Rates = dict[tuple[str, str, str], float]  # by tool, part and state


def _rate(work: Callable[[Mails], None], mails: Mails) -> float:
    start = time.process_time()
    work(mails)
    return len(mails) / (time.process_time() - start)


def measure(tool: str, part: str, chance: int, folder: Path) -> dict[str, float]:
    """One round in this process: the first half of a part cold, the second half after
    all the rest."""
    mails: Mails = marshal.loads((folder / part).read_bytes())
    if tool == "open":
        mails = [bytes(folder / f"{part}.files" / str(number)) for number in range(len(mails))]
    random.Random(chance).shuffle(mails)
    half = len(mails) // 2
    work = TOOLS[tool][2]
    if tool != "open":
        work([b"From: a@b\n\n"])  # what is imported when it is first needed
    found = {"cold": _rate(work, mails[:half])}
    if tool in OWN:
        work(marshal.loads((folder / f"{part}.rest").read_bytes()))
    return found | {"steady": _rate(work, mails[half:])}


def _rounds(folder: Path) -> Iterator[tuple[str, str, dict[str, float]]]:
    for chance in range(ROUNDS):
        for part in PARTS:
            for tool, (_, package, _) in TOOLS.items():
                if installed(package):
                    yield tool, part, run(folder, "measure", tool, part, str(chance), str(folder))


def rates(folder: Path) -> Rates:
    """The median rates of all tools."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for tool, part, rates in _rounds(folder):
        for state, rate in rates.items():
            found.setdefault((tool, part, state), []).append(rate)
    return {key: median(values) for key, values in found.items()}


def rate_table(middle: Rates) -> list[str]:
    """The table of rates."""
    rows = []
    for tool, (title, package, _) in TOOLS.items():
        there = installed(package)
        name = f"{title} {there}" if package and there else title
        cells = [
            f"{middle[tool, part, state]:,.0f}" if there else "not installed"
            for part in PARTS
            for state in STATES
        ]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return [
        f"Python {platform.python_version()}.",
        "",
        "| | pp cold | pp steady | sa cold | sa steady |",
        "|---|---:|---:|---:|---:|",
        *rows,
        "",
    ]


def ratios(middle: Rates) -> list[str]:
    """The full row of facts in times the speed of others."""
    if ("fast-mail-parser", "pp", "steady") in middle:
        for part, times in STALWART.items():
            for state in STATES:
                rate = middle["fast-mail-parser", part, state] * times
                middle["stalwart", part, state] = rate
    others = {
        "mail-parser": "mail-parser",
        "stdlib": "the standard library",
        "fast-mail-parser": "fast-mail-parser",
        "stalwart": "Stalwart's mail-parser, headers alone (recorded: so many times the speed of "
        f"fast-mail-parser as in an earlier run, {STALWART['pp']:.2f} and {STALWART['sa']:.2f})",
        "open": "`open().read()`",
    }
    lines = []
    for mine, title in (("native", "the native kernel"), ("firsthop", "Python")):
        lines += [f"The full row of facts by {title}, in times the speed", ""]
        lines += [
            f"- of {title_of}: {_times(middle, mine, other)}"
            for other, title_of in others.items()
            if (other, "pp", "steady") in middle
        ]
        lines.append("")
    return lines


def _times(middle: Rates, mine: str, other: str) -> str:
    return ", ".join(
        f"{middle[mine, part, state] / middle[other, part, state]:.2g} ({part} {state})"
        for part in PARTS
        for state in STATES
    )
