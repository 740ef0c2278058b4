"""What a start costs: CPU milliseconds of one command in a fresh process.

    python -m benchmarks.start            prints that part of docs/reference/speed.md

Measured with the bytecode and the tables that a first start keeps (kept_tables.py), in
a folder of their own; the first start, which makes them, stands beside. Nothing here is
a test: a machine that is busy with other things makes other figures.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.corpora import messages
from docs.prose import wrapped

STARTS = 20
PART = "phishing_pot"
COMMANDS = {
    "`python -c pass`": ("-c", "pass"),
    "`python -c 'import click'`": ("-c", "import click"),
    "`firsthop --version`": ("-m", "firsthop", "--version"),
    "`firsthop --help`": ("-m", "firsthop", "--help"),
    "`firsthop trace MAIL`": ("-m", "firsthop", "trace", "MAIL"),
    "`firsthop examine MAIL`": ("-m", "firsthop", "examine", "MAIL"),
    "`firsthop examine --json MAIL`": ("-m", "firsthop", "examine", "--json", "MAIL"),
}


def cpu(command: Sequence[str], kept: Path) -> float:
    """CPU milliseconds of a fresh process that keeps what it makes in a folder."""
    environment = dict(os.environ, PYTHONPYCACHEPREFIX=str(kept))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1e3


def table() -> list[str]:
    """The part of the page."""
    with tempfile.TemporaryDirectory() as name:
        mail, kept = Path(name, "mail.eml"), Path(name, "kept")
        mail.write_bytes(next(one.data for one in messages() if one.source == PART))
        size = mail.stat().st_size
        commands = {
            title: [str(mail) if word == "MAIL" else word for word in command]
            for title, command in COMMANDS.items()
        }
        first = cpu(commands["`firsthop trace MAIL`"], Path(name, "new"))
        for command in commands.values():
            cpu(command, kept)
        found: dict[str, list[float]] = {title: [] for title in commands}
        for _ in range(STARTS):
            for title, command in commands.items():
                found[title].append(cpu(command, kept))
    return [
        "## Start",
        "",
        (
            f"CPU milliseconds of a fresh process, user and system, for one message of {size:,} "
            f"bytes; the median of {STARTS} interleaved starts. The first start of all, which "
            f"compiles the package and reads the TOML tables: {first:,.0f}."
        ),
        "",
        "| | ms |",
        "|---|---:|",
        *(f"| {title} | {median(times):.0f} |" for title, times in found.items()),
        "",
    ]


if __name__ == "__main__":
    print(wrapped("\n".join(table())))
