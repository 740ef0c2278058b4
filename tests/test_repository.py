"""The repository as a stranger finds it: the README's two commands, the output it
shows, the change log, and nothing of one machine."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.children import run

ROOT = Path(__file__).resolve().parents[1]
# Spelled so that this file does not name what it looks for.
MACHINE_PATH = re.compile(
    rb"(?<![\w.~-])/(?:" + b"|".join((b"wor" + b"k", b"far" + b"m", b"tm" + b"p")) + rb")/"
)
FENCED_SH = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE_OUTPUT = re.compile(
    r"<!-- example-output -->\n+```text\n(.*?)^```\n+<!-- /example-output -->",
    re.MULTILINE | re.DOTALL,
)


def repository_files() -> list[Path]:
    """The files that are tracked, or would be: everything git does not ignore."""
    words = "git -c safe.directory=* ls-files -z --cached --others --exclude-standard"
    listed = run(words.split())
    if listed.returncode:
        pytest.skip("not a git repository")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def readme_commands() -> list[str]:
    """The command lines in the README's fenced sh blocks."""
    return [
        line for block in FENCED_SH.findall(readme()) for line in block.splitlines() if line.strip()
    ]


def test_no_file_names_a_machines_paths() -> None:
    assert [
        f"{path.relative_to(ROOT)}: {hit[0].decode()}"
        for path in repository_files()
        if (hit := MACHINE_PATH.search(path.read_bytes()))
    ] == []


def test_the_lock_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "==" in lock
    assert [
        line
        for line in lock.splitlines()
        if "://" in line or "--index" in line or "--find-links" in line
    ] == []


def test_the_readme_has_two_commands_that_work_alone() -> None:
    commands = readme_commands()
    assert len(commands) == 2
    assert [
        command
        for command in commands
        if not command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    ] == []
    assert ".venv/bin/firsthop investigate examples/libero-2014 " in commands[0]
    assert commands[1].endswith("tests/run")


def test_the_readme_shows_the_output_of_its_first_command(tmp_path: Path) -> None:
    """The part after the installation runs as printed, in a folder that holds only the
    examples and the environment."""
    shown = EXAMPLE_OUTPUT.search(readme())
    assert shown, "README.md has no example-output block"
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    job = readme_commands()[0].partition(" install -q . && ")[2]
    ran = run(["bash", "-euo", "pipefail", "-c", job], cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == shown[1]


def test_the_change_log_opens_with_the_unreleased_or_this_version() -> None:
    version = re.search(
        r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert version
    headings = re.findall(
        r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert headings[0] in ("Unreleased", version[1])


@pytest.mark.parametrize("script", [".ci/run", "tests/run"])
def test_scripts_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111


def test_the_page_on_development_names_every_room() -> None:
    page = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
    table = page.partition("\n| room ")[2].partition("\n\n")[0]
    rooms = {
        path.stem
        for path in (ROOT / "firsthop").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem[0] != "_"
    }
    assert (
        set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\|([^|]*)\|", table, re.MULTILINE))))
        == rooms
    )


def test_links_in_the_texts_lead_somewhere() -> None:
    link = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
    assert [
        f"{path.relative_to(ROOT)}: {target}"
        for path in repository_files()
        if path.suffix == ".md"
        for target in link.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ] == []
