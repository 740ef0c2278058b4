"""Many messages are read in batches: what is told of each, and of what could not be
read between them, is what is told of it alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.faces.cli import examine as examine_command
from firsthop.faces.cli import reading
from firsthop.judgement.examine import Examination, examine_all

Run = Callable[..., Result]


@pytest.fixture
def files(tmp_path: Path, message: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Messages that differ, among them one without header and a path that leads
    nowhere; more than are read one by one."""
    monkeypatch.setattr(reading, "FEW", 4)
    monkeypatch.setattr(reading, "LARGEST", 8)
    made = []
    for number in range(reading.FEW * 4 + 5):
        path = tmp_path / f"{number:03}.eml"
        changed = message.replace(b"192.0.2.7", b"192.0.2.%d" % (number + 1))
        path.write_bytes(b"no header at all\n" if number in (3, reading.FEW * 3) else changed)
        made.append(path)
    made.insert(reading.FEW * 3 + 2, tmp_path / "nowhere.eml")
    return made


@pytest.mark.parametrize("command", ["trace", "examine"])
def test_many_are_told_as_each_alone(run: Run, files: list[Path], command: str) -> None:
    alone = [run(command, "--json", file) for file in files]
    together = run(command, "--json", *files)
    assert together.stdout == "".join(one.stdout for one in alone)
    assert together.stderr == "".join(one.stderr for one in alone)
    assert together.exit_code == max(one.exit_code for one in alone) == 1


def test_the_first_is_told_before_the_next_is_read(
    run: Run, files: list[Path], message: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: dict[str, list[int]] = {"_one_by_one": [], "_together": []}
    for name, noted in sizes.items():
        read = getattr(reading, name)

        def noting(
            mails: list[object],
            *rest: object,
            noted: list[int] = noted,
            read: Callable[..., object] = read,
        ) -> object:
            noted.append(len(mails))
            return read(mails, *rest)

        monkeypatch.setattr(reading, name, noting)
    monkeypatch.setattr(reading, "LARGEST_BYTES", 5 * len(message))
    run("trace", "--json", *files)
    alone, together = sizes.values()
    assert alone == [1]
    assert 1 < max(together) < reading.LARGEST
    assert min(together) < reading.FEW  # what reads many is there by then
    assert sum(together) == len(files) - 2  # the first, and one path that leads nowhere


def test_many_are_examined_together_but_where_the_dns_may_have_to_be_waited_for(
    run: Run, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = tmp_path / "answers.jsonl"
    answers.write_text(
        '{"name": "example.com", "type": "A", "answers": ["192.0.2.1"], '
        '"as_of": "2014-05-17T00:00:00Z"}\n'
    )
    sizes: list[int] = []

    def noting(facts: list[MessageFacts], case_file: CaseFile) -> list[Examination]:
        sizes.append(len(facts))
        return examine_all(facts, case_file)

    monkeypatch.setattr(examine_command, "examine_all", noting)
    together = run("examine", "--json", *files)
    assert sizes[0] == 1 < max(sizes)
    sizes.clear()
    assert run("examine", "--json", *files, "--answers", answers).exit_code == together.exit_code
    assert set(sizes) == {1}
