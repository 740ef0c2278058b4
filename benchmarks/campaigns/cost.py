"""CPU time and memory of `investigate` at 10,000, 100,000 and 1,000,000 messages, by
phase.

    python -m benchmarks.campaigns.cost [SIZE ...]       about 10 ms of CPU time, 10 kB
    of disk and of memory a message

The heaps are mailboxes of whole messages (benchmarks.campaigns.multiplied). Each is
investigated in a process of its own with as many workers as there are processors; CPU
time is that of all of them. Correlation is everything behind the reading but the
publishing."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.campaigns.multiplied import mailboxes
from firsthop.investigation.investigate import investigate
from firsthop.system.progress import Progress
from firsthop.system.workers import usable_cpus

SIZES = (10_000, 100_000)
PHASES = (
    "reading",
    "taking up",
    "weighing",
    "comparing",
    "gathering",
    "measuring chance",
    "keeping",
    "signing",
    "telling",
    "publishing",
)
CORRELATION = frozenset(PHASES[1:-1])
HEAD = f"| messages | {' | '.join(PHASES)} | all | correlation | minutes | memory at most |"


class Clock(Progress):
    """The CPU time of each phase, in seconds; the phases of one name together."""

    def __init__(self) -> None:
        self.times: defaultdict[str, float] = defaultdict(float)
        self._phase, self._since = "", cpu_time()

    def begin(self, phase: str, total: int | None = None) -> None:  # noqa: ARG002 - how many steps it will take is not measured
        """Ends the former phase."""
        now = cpu_time()
        self.times[self._phase] += now - self._since
        self._phase, self._since = (
            next((name for name in PHASES if phase.startswith(name)), phase),
            now,
        )


def cpu_time() -> float:
    """Seconds of this process and of the workers that have ended."""
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + workers.ru_utime + workers.ru_stime


def main() -> None:
    """Makes each heap and measures it in a process of its own."""
    if sys.argv[1:2] == ["measure"]:
        measure(Path(sys.argv[2]))
        return
    print(HEAD, "|" + "---|" * (HEAD.count("|") - 1), sep="\n", flush=True)
    for size in [int(text) for text in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            mailboxes(size, Path(folder))
            subprocess.run(
                [sys.executable, "-m", "benchmarks.campaigns.cost", "measure", folder], check=True
            )


def measure(mail: Path) -> None:
    """One row of the table: microseconds a message, minutes on the clock, bytes a
    message."""
    clock, begun = Clock(), time.monotonic()
    with tempfile.TemporaryDirectory() as case:
        messages = investigate(
            [mail], Path(case) / "case", progress=clock, jobs=usable_cpus()
        ).messages
        clock.begin("")
    minutes = (time.monotonic() - begun) / 60
    every = sum(clock.times[phase] for phase in PHASES)
    share = sum(clock.times[phase] for phase in CORRELATION) / every
    memory = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cells = [f"{clock.times[phase] / messages * 1e6:.0f}" for phase in PHASES]
    print(
        f"| {messages:,} | {' | '.join(cells)} | {every / messages * 1e6:.0f} | {share:.0%} "
        f"| {minutes:.1f} | {memory / 1e6:,.0f} MB |",
        flush=True,
    )


if __name__ == "__main__":
    main()
