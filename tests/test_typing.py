"""`py.typed` holds what it says: a program that uses the API passes mypy in strict
mode, and one that misuses it does not."""

from __future__ import annotations

import importlib.util
import os
import re
from pathlib import Path

import pytest

import firsthop
from tests.children import ROOT, run_python

USES = """
from collections.abc import Iterator
from pathlib import Path

from firsthop import (
    CaseFile,
    DnsStore,
    Examination,
    FirsthopError,
    Hop,
    InvestigationResult,
    Message,
    MessageFacts,
    Outcome,
    OwnServers,
    Settings,
    Skipped,
    Stamp,
    Verdict,
    examine,
    investigate,
    read,
    trace,
)


def messages(folder: Path) -> Iterator[Message]:
    for one in read([folder]):
        if isinstance(one, Skipped):
            print(one.uri, one.reason)
        else:
            yield one


def when(hop: Hop) -> int | None:
    stamp: Stamp | None = hop.stamp
    return stamp.instant if stamp else None


def judge(message: Message) -> tuple[str, float]:
    own = OwnServers(names=frozenset({"mx.example.it"}))
    facts: MessageFacts = trace(message, Settings(own=own))
    times: list[int | None] = [when(step.hop) for step in facts.path.steps]
    examination: Examination = examine(facts, CaseFile(author="me"), store=DnsStore())
    sender: Verdict = examination.verdicts[0]
    against = [one for one in examination.findings if one.outcome is Outcome.CONTRADICTS]
    bits: float = sum(one.strength.bits for one in against if one.strength)
    print(times, message.first("from"), facts.author.address if facts.author else "")
    return sender.answer, bits


def job(folder: Path) -> int:
    try:
        result: InvestigationResult = investigate([folder], Path("case"), jobs=2, engine="duckdb")
    except FirsthopError as error:
        print(error)
        return 2
    files: tuple[str, ...] = result.files
    print(files, result.lines("en"))
    return 1 if result.skipped else 0
"""
MISUSES = {
    'import firsthop\n\nfirsthop.nothing\n': "has no attribute",
    'from firsthop import nothing\n': "has no attribute",
    'from firsthop import read\n\nread(7)\n': "arg-type",
    'from firsthop import read, trace\n\nfor one in read(["x"]):\n    trace(one)\n': "arg-type",
    'from pathlib import Path\n\nfrom firsthop import investigate\n\n'
    'investigate(["x"], Path("case"), job=2)\n': "call-arg",
    'from firsthop import Hop\n\n\ndef name(hop: Hop) -> str:\n    return hop.by\n': "return-value",
}  # fmt: skip


def check(folder: Path, program: str) -> str:
    """What mypy says of a program in a project of its own."""
    (folder / "program.py").write_text(program, encoding="utf-8")
    settings = "[mypy]\nstrict = True\n"
    # what the package's extras lack is not the program's business
    settings += "[mypy-pyarrow.*,pyspark.*,pysail.*,pypff.*]\nignore_missing_imports = True\n"
    (folder / "mypy.ini").write_text(settings, encoding="utf-8")
    home = str(Path(firsthop.__file__).parents[1])
    environment = os.environ | {"MYPYPATH": "", "PYTHONPATH": home}
    cache = f"--cache-dir={folder.parent / 'cache'}"
    return run_python("-m", "mypy", cache, "program.py", cwd=folder, env=environment).stdout


def test_the_package_says_that_it_is_typed() -> None:
    spec = importlib.util.find_spec("firsthop")
    assert spec
    assert spec.origin
    assert (Path(spec.origin).parent / "py.typed").read_bytes() == b""
    wheel = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(r'^packages = \["firsthop"\]', wheel, re.MULTILINE)


@pytest.mark.slow
def test_a_strict_program_passes_and_a_misuse_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    assert "Success: no issues found" in check(folder, USES)
    for program, complaint in MISUSES.items():
        assert complaint in check(folder, program), program
