"""What a start costs: CPU milliseconds of one command in a fresh process.

    python -m benchmarks.start [NAME=PYTHON...]   a part of docs/reference/speed.md

Measured with the bytecode, the tables and the expressions that a first start keeps
(kept_tables.py, kept_expressions.py), in a folder of their own; the first start, which
makes them, stands beside. Each further PYTHON, which has to find the package as well,
is a column with its name: how it was built makes much of a start. Nothing here is a
test: a machine that is busy with other things makes other figures.
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

STARTS = 10
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


def cpu(python: str, command: Sequence[str], kept: Path) -> float:
    """CPU milliseconds of a fresh process that keeps what it makes in a folder."""
    environment = dict(os.environ, PYTHONPYCACHEPREFIX=str(kept))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([python, *command], env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1e3


def table(others: Sequence[str] = ()) -> list[str]:
    """The part of the page."""
    named = [("this Python", sys.executable), *(other.rsplit("=", 1) for other in others)]
    pythons = [python for _, python in named]
    with tempfile.TemporaryDirectory() as name:
        mail, kept = Path(name, "mail.eml"), Path(name, "kept")
        mail.write_bytes(next(one.data for one in messages() if one.source == PART))
        size = mail.stat().st_size
        commands = {
            title: [str(mail) if word == "MAIL" else word for word in command]
            for title, command in COMMANDS.items()
        }
        first = cpu(pythons[0], commands["`firsthop trace MAIL`"], Path(name, "new"))
        spent = _spent(pythons, commands, kept)
    return [
        "## Start",
        "",
        (
            f"CPU milliseconds of a fresh process, user and system, for one message of {size:,} "
            f"bytes; the median of {STARTS} interleaved starts. The first start of all, which "
            f"compiles the package and reads the TOML tables: {first:,.0f}."
        ),
        "",
        f"| ms | {' | '.join(name for name, _ in named)} |",
        f"|---|{'---:|' * len(pythons)}",
        *(
            f"| {title} | {' | '.join(f'{median(spent[p, title]):.0f}' for p in pythons)} |"
            for title in commands
        ),
        "",
    ]


def _spent(
    pythons: Sequence[str], commands: dict[str, list[str]], kept: Path
) -> dict[tuple[str, str], list[float]]:
    """What each command cost in each Python, by turns."""
    spent = {(python, title): list[float]() for python in pythons for title in commands}
    for turn in range(STARTS + 1):
        for (python, title), times in spent.items():
            took = cpu(python, commands[title], kept)
            if turn:  # the first one keeps what the others find
                times.append(took)
    return spent


if __name__ == "__main__":
    print(wrapped("\n".join(table(sys.argv[1:]))))
