"""`firsthop verify`: compares a case folder with its journal, and what went in and out
with it, and names what differs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from firsthop.case.arguments import arguments_of
from firsthop.case.custody import in_custody
from firsthop.case.given_out import Checked, check_all, check_one
from firsthop.case.originals import ORIGINALS, Compared, compare, read_originals
from firsthop.case.verify import Problem, Standing, read_journal_of, standing, verify
from firsthop.case.working import left_by_runs
from firsthop.errors import CaseError
from firsthop.faces.cli.case_folder import settled
from firsthop.faces.cli.noted import NOTED, time_to_note
from firsthop.faces.cli.options import JSON, NO_COLOR

if TYPE_CHECKING:
    from firsthop.faces.cli.screen import Screen

NAMED = 20  # inputs that the screen names; the JSON names all


@dataclass(frozen=True, slots=True)
class Result:
    """What a verification found."""

    case: Path
    problems: list[Problem]
    standing: Standing | None  # None where something of the case differs
    left: dict[str, int]  # folders of runs that have not ended, with the messages kept
    inputs: Compared | None  # None where the case has no list that can be read
    sets: list[Checked]
    unlisted: bool  # an earlier version wrote no list of the originals

    @property
    def differs(self) -> bool:
        """Whether anything that was found is not as it was."""
        changed = self.inputs is not None and self.inputs.changed
        return bool(self.problems or changed or any(one.problems for one in self.sets))

    def told(self) -> str:
        """The result in a few words, for the journal."""
        files = [one.file for one in self.problems]
        files += self.inputs.changed if self.inputs else ()
        files += [f"{one.place}: {two.file}" for one in self.sets for two in one.problems]
        return f"{len(files)} differ: {', '.join(files[:NAMED])}" if files else "intact"


@click.command("verify")
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--inputs",
    "base",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where relative paths of the given mail begin. By default the folder you are in.",
)
@click.option(
    "--set",
    "places",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Compare this published folder or pack alone, wherever it is by now. Repeatable.",
)
@click.option(
    "--record",
    is_flag=True,
    help="Note in the journal that the case was checked, and the result.",
)
@NOTED
@JSON
@NO_COLOR
def command(
    case: Path,
    base: Path | None,
    places: tuple[Path, ...],
    record: bool,
    noted: str | None,
    as_json: bool,
    no_color: bool,
) -> int:
    """Compare the folder CASE with its journal: names every changed, missing or added
    file. So are the files that were given, and the folders and packs that went out,
    where they are still there; what is not found here is said.

    A seal that was cut short is finished first. The case is not changed, unless you
    --record the check. Exit code 0: all that was found is as it was. 1: something
    differs. 2: no such folder.
    """
    time = time_to_note(noted)
    result = _verified(settled(case), base, places)
    if record:
        result = _recorded(result, places, time)
    if as_json:
        _write_json(result)
    else:
        _write_text(result, no_color)
    return 1 if result.differs else 0


def _verified(case: Path, base: Path | None, places: tuple[Path, ...]) -> Result:
    problems, events = verify(case), read_journal_of(case).events
    return Result(
        case,
        problems,
        None if problems else standing(case),
        left_by_runs(case),
        _inputs(case, base) if not places else None,
        [check_one(events, place) for place in places] or check_all(case, events),
        not (places or (case / ORIGINALS).exists()),
    )


def _inputs(case: Path, base: Path | None) -> Compared | None:
    """The originals; None where the list of them is missing or damaged, which is a
    problem of its own."""
    try:
        listed = read_originals(case)
    except CaseError:
        return None
    return compare(listed, base) if listed else None


def _recorded(result: Result, places: tuple[Path, ...], time: str | None) -> Result:
    """The result, which the journal holds now: its last digest is another."""
    arguments = arguments_of(set=tuple(place.name for place in places))
    with in_custody(result.case, changed=True) as custody:
        custody.note("verify", arguments, result.told(), time=time)
    return replace(result, standing=result.standing and standing(result.case))


def _write_json(result: Result) -> None:
    from firsthop.publication.json.message import json_line

    whole = result.standing._asdict() if result.standing else None
    sys.stdout.write(
        json_line(
            {
                "case": str(result.case),
                "intact": not result.differs,
                "problems": _objects(result.problems),
                "standing": whole,
                "inputs": result.inputs and _inputs_object(result.inputs),
                "sets": [
                    {**one._asdict(), "problems": _objects(one.problems)} for one in result.sets
                ],
                "unfinished": [
                    {"folder": folder, "messages": kept} for folder, kept in result.left.items()
                ],
            }
        )
        + "\n"
    )


def _inputs_object(inputs: Compared) -> dict[str, Any]:
    return {
        "intact": inputs.intact,
        "changed": list(inputs.changed),
        "not_found": list(inputs.not_found),
    }


def _objects(problems: list[Problem] | tuple[Problem, ...]) -> list[dict[str, Any]]:
    return [{"file": problem.file, "says": problem.explanation} for problem in problems]


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
    if result.inputs is not None:
        _write_inputs(screen, result.inputs)
    elif result.unlisted:
        screen.line("files given: not compared, an earlier version wrote the case without a list")
    for one in result.sets:
        _write_set(screen, one)
    for folder, kept in result.left.items():
        screen.line(
            f"{folder}: of a run that has not ended; {kept:,} messages are kept, and the same "
            f"command goes on from there"
            if kept
            else f"{folder}: of a run that has not ended; the next one removes it"
        )


def _write_inputs(screen: Screen, inputs: Compared) -> None:
    for name in _first(inputs.changed):
        screen.line((name, "bold red"), ": changed: no longer the file that was given")
    told = [f"{inputs.intact:,} as they were given"] if inputs.intact else []
    told += [f"{len(inputs.changed):,} changed"] if inputs.changed else []
    told += [f"{len(inputs.not_found):,} not found here"] if inputs.not_found else []
    screen.line(f"files given: {', '.join(told)}")
    for name in _first(inputs.not_found):
        screen.line(f"{name}: not found here", indent=4)


def _first(names: tuple[str, ...]) -> Iterator[str]:
    yield from names[:NAMED]
    if len(names) > NAMED:
        yield f"{len(names) - NAMED:,} more (--json names all)"


def _write_set(screen: Screen, one: Checked) -> None:
    for problem in one.problems:
        screen.line((f"{one.place}: {problem.file}", "bold red"), f": {problem.explanation}")
    if one.action is None:
        return
    about = f"{one.action}{f', TLP:{one.tlp}' if one.tlp else ''}, entry {one.entry}"
    state = "not found here" if not one.found else "changed" if one.problems else "as it went out"
    screen.line(f"{one.place} ({about}): {state}")
