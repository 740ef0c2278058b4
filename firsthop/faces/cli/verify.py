"""`firsthop verify`: compares a case folder with its journal and names what differs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from firsthop.case.verify import Problem, Standing, standing, verify
from firsthop.case.working import left_by_runs
from firsthop.faces.cli.case_folder import settled
from firsthop.faces.cli.options import JSON, NO_COLOR


@dataclass(frozen=True, slots=True)
class Result:
    """What a verification found."""

    case: Path
    problems: list[Problem]
    standing: Standing | None  # None where something differs
    left: dict[str, int]  # folders of runs that have not ended, with the messages kept


@click.command("verify")
@click.argument("case", type=click.Path(path_type=Path))
@JSON
@NO_COLOR
def command(case: Path, as_json: bool, no_color: bool) -> int:
    """Compare the folder CASE with its journal: names every changed, missing or added
    file.

    A seal that was cut short is finished first. Exit code 0: all as the journal says.
    1: something differs. 2: no such folder.
    """
    problems = verify(settled(case))
    result = Result(case, problems, None if problems else standing(case), left_by_runs(case))
    if as_json:
        _write_json(result)
    else:
        _write_text(result, no_color)
    return 1 if problems else 0


def _write_json(result: Result) -> None:
    from firsthop.publication.json.message import json_line

    whole = result.standing._asdict() if result.standing else None
    problems = [{"file": problem.file, "says": problem.explanation} for problem in result.problems]
    sys.stdout.write(
        json_line(
            {
                "case": str(result.case),
                "intact": not problems,
                "problems": problems,
                "standing": whole,
                "unfinished": [
                    {"folder": folder, "messages": kept} for folder, kept in result.left.items()
                ],
            }
        )
        + "\n"
    )


def _write_text(result: Result, no_color: bool) -> None:
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    for problem in result.problems:
        screen.line((problem.file, "bold red"), f": {problem.explanation}")
    if result.standing is not None:
        files, entries, last = result.standing
        screen.line(
            (f"{result.case}: intact", "green"),
            f", {files} files, journal of {entries} {'entry' if entries == 1 else 'entries'}",
        )
        screen.line(
            f"last digest {last}: keep it elsewhere, whoever can rewrite the folder can "
            f"rewrite its journal"
        )
    for folder, kept in result.left.items():
        screen.line(
            f"{folder}: of a run that has not ended; {kept:,} messages are kept, and the same "
            f"command goes on from there"
            if kept
            else f"{folder}: of a run that has not ended; the next one removes it"
        )
