"""The program starts at once and shows how it is used."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from firsthop import __version__
from firsthop.evidence.bulk.engine import engine
from firsthop.faces.cli import COMMANDS
from tests.children import run_python

Run = Callable[..., Result]


def test_help_loads_neither_rich_nor_duckdb_nor_any_command() -> None:
    code = (
        "import sys\nfrom firsthop.faces.cli import cli\ntry: cli.main(['--help'])\nexcept "
        "SystemExit: pass\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('rich', 'duckdb', 'asyncio') "
        "or m.startswith(('firsthop.mail', 'firsthop.evidence'))])"
    )
    shown = run_python("-c", code).stdout
    assert shown.splitlines()[-1] == "[]"


def test_help_answers_within_300_milliseconds() -> None:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        assert run_python("-m", "firsthop", "--help").returncode == 0
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3


def test_no_command_loads_duckdb_before_it_runs() -> None:
    """What is loaded with a command is not collected when the program ends, and DuckDB
    says on standard error what of it is left then."""
    code = (
        "import sys\nfrom firsthop.faces.cli import COMMANDS, cli\n"
        "for name in COMMANDS: cli.get_command(None, name)\nprint('duckdb' in sys.modules)"
    )
    shown = run_python("-c", code)
    assert (shown.stdout.splitlines()[-1], shown.stderr) == ("False", "")


def test_help_lists_the_commands(run: Run) -> None:
    shown = run("--help")
    assert shown.exit_code == 0
    assert all(name in shown.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(run: Run, name: str) -> None:
    shown = run(name, "--help")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert f"Usage: firsthop {name}" in shown.stdout


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"firsthop {__version__} (reads by: {engine()})\n"


def test_without_a_command_it_shows_its_help(run: Run) -> None:
    shown = run()
    assert "Commands:" in shown.stdout + shown.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["nope"],
        ["trace"],
        ["trace", "--nope", "x"],
        ["verify"],
        ["investigate", "x"],
        ["explain", "nope"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_and_exit_code_2(run: Run, args: list[str]) -> None:
    shown = run(*args)
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", 1)
    assert shown.stderr.startswith("firsthop: ")


def test_who_examines_a_mail_loads_no_database() -> None:
    code = (
        "import sys; import firsthop.faces.cli.examine, firsthop.publication.json.message; "
        "print('duckdb' in sys.modules)"
    )
    assert run_python("-c", code).stdout == "False\n"


def test_an_end_passes_over_nobody_who_waits_for_it(tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"From: a@b.example\n\nx\n")
    code = (
        "import atexit; atexit.register(print, 'the last')\n"
        "from firsthop.faces.cli import main; main()"
    )
    ended = run_python("-c", code, "trace", str(mail), str(tmp_path / "none"))
    assert ended.stdout.endswith("the last\n")
    assert ended.returncode == 1


def test_a_first_start_keeps_what_it_made(tmp_path: Path) -> None:
    run_python("-m", "firsthop", "--version", env={"PYTHONPYCACHEPREFIX": str(tmp_path)})
    assert list(tmp_path.rglob("kept_expressions*.marshal"))
