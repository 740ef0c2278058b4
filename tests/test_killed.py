"""`investigate` that is killed leaves a case that opens; the same command goes on where
it was and leaves the very bytes of a run that nobody killed."""

from __future__ import annotations

import json
import random
import shutil
import signal
from pathlib import Path

import pytest

from benchmarks.campaigns.planted import Plan, write
from firsthop.case.checkpoint import CHECKPOINT, Checkpoint, read_checkpoint, write_checkpoint
from firsthop.case.verify import verify
from firsthop.case.working import STAGING
from firsthop.case_file import CaseFile
from firsthop.errors import CaseError
from firsthop.evidence.dns.store import DnsStore
from firsthop.investigation.ingest import run_digest
from firsthop.investigation.investigate import investigate
from firsthop.settings import OwnServers, Settings
from firsthop.system.progress import Progress
from tests.children import CompletedProcess, run_python

pytestmark = pytest.mark.slow

MESSAGES = 80
KILLED = """
import os, signal, sys
from pathlib import Path
from firsthop.investigation import ingest
from firsthop.investigation.investigate import investigate

left = int(sys.argv[3])
here = str(Path(ingest.__file__).parents[1])
files = tuple(os.path.join(here, name) for name in ("investigation", "case", "campaign/archive"))

def line(frame, event, argument):
    global left
    if event == "line":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return line

ingest.STRIDE = 16
sys.settrace(lambda frame, event, argument: line if frame.f_code.co_filename.startswith(files) else None)
investigate([sys.argv[1]], Path(sys.argv[2]))
sys.settrace(None)
print(10**9 - left)
"""  # noqa: E501 - as it is written


def run(mail: Path, case: Path, kill_at_line: int) -> CompletedProcess[str]:
    return run_python("-c", KILLED, mail, case, str(kill_at_line))


def contents(case: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(case)): path.read_bytes()
        for path in sorted(case.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mailbox with a campaign in it, a message twice, a message without a header and
    a file that is no mail."""
    folder = tmp_path_factory.mktemp("mail")
    mails = [
        *write(Plan("mine", 30), 1),
        *(one for n in range(MESSAGES - 32) for one in write(Plan(f"noise-{n}", 1, kind=n % 2), 1)),
    ]
    mails = [*mails[:40], mails[3], *mails[40:]]
    for number, data in enumerate(mails):
        (folder / f"{number:03}.eml").write_bytes(data)
    (folder / "050-empty.eml").write_bytes(b"")
    (folder / "051.mbox").write_bytes(
        b"From a@b Thu May 29 14:18:38 2014\n\nno header\n\nFrom a@b Thu May 29 14:18:38 2014\n"
        + mails[5]
    )
    return folder


@pytest.fixture(scope="module")
def whole(mail: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], int]:
    """The case of a run that nobody killed, and how many lines of code such a run
    takes."""
    case = tmp_path_factory.mktemp("whole") / "case"
    done = run(mail, case, 10**9)
    assert done.returncode == 0, done.stderr
    return contents(case), int(done.stdout)


PARTS = 8


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_a_line(
    part: int, tmp_path: Path, mail: Path, whole: tuple[dict[str, bytes], int]
) -> None:
    found, lines = whole
    case = tmp_path / "case"
    at = random.Random(part).randrange(1 + part * lines // PARTS, 1 + (part + 1) * lines // PARTS)
    assert run(mail, case, at).returncode == -signal.SIGKILL
    assert run(mail, case, 0).returncode == 0
    assert contents(case) == found


def test_killed_again_and_again(
    tmp_path: Path, mail: Path, whole: tuple[dict[str, bytes], int]
) -> None:
    """Each run is killed a few thousand lines after it began, so that only going on
    ever comes to an end."""
    found, lines = whole
    case, kills = tmp_path / "case", 0
    dice = random.Random(7)
    while run(mail, case, int(lines * dice.uniform(0.5, 0.8))).returncode == -signal.SIGKILL:
        kills += 1
        assert kills < 30
    assert kills >= 1
    assert contents(case) == found


class Stops(Progress):
    """Interrupts the run at a message."""

    def __init__(self, at: int) -> None:
        self.left = at
        self.examined = 0

    def step(self, place: str = "", size: int = 0) -> None:  # noqa: ARG002 - what a progress is told
        if place:
            self.examined += 1
            self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


@pytest.fixture
def interrupted(tmp_path: Path, mail: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case that was interrupted after 40 messages, of which 32 are kept."""
    monkeypatch.setattr("firsthop.investigation.ingest.STRIDE", 16)
    case = tmp_path / "case"
    with pytest.raises(KeyboardInterrupt):
        investigate([mail], case, progress=Stops(40))
    return case


class StopsBefore(Progress):
    """Interrupts the run where a phase begins."""

    def __init__(self, phase: str) -> None:
        self.phase = phase

    def begin(self, phase: str, total: int | None = None) -> None:  # noqa: ARG002 - what a progress is told
        if phase.startswith(self.phase):
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    "phase",
    ["taking up", "comparing 2", "measuring", "keeping", "signing", "telling", "publishing"],
)
def test_interrupted_in_any_phase(
    phase: str,
    tmp_path: Path,
    mail: Path,
    whole: tuple[dict[str, bytes], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also when the gathering was kept already: the next run's is the first one all the
    same."""
    monkeypatch.setattr("firsthop.investigation.ingest.STRIDE", 16)
    with pytest.raises(KeyboardInterrupt):
        investigate([mail], tmp_path / "case", progress=StopsBefore(phase))
    investigate([mail], tmp_path / "case")
    assert contents(tmp_path / "case") == whole[0]


SEALS = """
import os, signal, sys
from pathlib import Path
from firsthop.investigation import ingest
from firsthop.case.folder import CaseFolder
from firsthop.investigation.investigate import investigate

left, replace, seal = int(sys.argv[3]), Path.replace, CaseFolder.seal

def counted(self, target):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)

def counting(self, *arguments):
    Path.replace = counted
    return seal(self, *arguments)

CaseFolder.seal = counting
ingest.STRIDE = int(sys.argv[4])
investigate([sys.argv[1]], Path(sys.argv[2]))
"""


@pytest.mark.parametrize("stride", [16, 8_192])
@pytest.mark.parametrize("move", [1, 2, 4, 9, 15])
def test_killed_while_it_seals(
    move: int, stride: int, tmp_path: Path, mail: Path, whole: tuple[dict[str, bytes], int]
) -> None:
    case = tmp_path / "case"
    killed = run_python("-c", SEALS, mail, case, str(move), str(stride))
    assert killed.returncode == -signal.SIGKILL
    investigate([mail], case)
    assert verify(case) == []
    assert not list(case.glob(f"{STAGING}*"))
    assert (case / "campaigns.json").read_bytes() == whole[0]["campaigns.json"]


def test_killed_while_it_seals_again(tmp_path: Path, mail: Path) -> None:
    """A case that was there before: the names that only the killed run brought go, the
    case is written anew."""
    case = tmp_path / "case"
    few = tmp_path / "few"
    few.mkdir()
    for path in sorted(mail.iterdir())[:40]:
        (few / path.name).write_bytes(path.read_bytes())
    investigate([few], case)
    run_python("-c", SEALS, mail, case, "5", "8192")
    investigate([few], case)
    assert verify(case) == []


def test_only_what_was_not_kept_is_examined_again(
    interrupted: Path, mail: Path, whole: tuple[dict[str, bytes], int]
) -> None:
    progress = Stops(-1)
    outcome = investigate([mail], interrupted, progress=progress)
    assert outcome.messages == MESSAGES + 1
    assert len(outcome.skipped) == 2
    assert progress.examined == outcome.messages - 32
    assert contents(interrupted) == whole[0]


def test_who_interrupts_is_told_what_is_kept(
    interrupted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from firsthop.faces.cli.investigate import noting_what_is_kept

    with pytest.raises(KeyboardInterrupt), noting_what_is_kept(interrupted):
        raise KeyboardInterrupt
    assert (
        capsys.readouterr().err
        == f"firsthop: interrupted: 32 messages are kept in {interrupted}; the same command "
        f"goes on from there\n"
    )


def test_other_input_is_read_anew(interrupted: Path, mail: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for path in list(mail.iterdir())[1:]:
        (other / path.name).write_bytes(path.read_bytes())
    progress = Stops(-1)
    outcome = investigate([other], interrupted, progress=progress)
    assert progress.examined == outcome.messages


def test_other_settings_are_another_run(interrupted: Path, mail: Path) -> None:
    from firsthop.settings import Settings, own_servers

    progress = Stops(-1)
    outcome = investigate(
        [mail],
        interrupted,
        settings=Settings(own_servers(["mx1.reader.example"])),
        progress=progress,
    )
    assert progress.examined == outcome.messages


def test_standard_input_cannot_be_read_twice(interrupted: Path, mail: Path) -> None:
    with (mail / "000.eml").open("rb") as stdin, pytest.raises(CaseError, match="anew next time"):
        investigate(["-"], interrupted, stdin=stdin)
    assert not list(interrupted.glob(f"{STAGING}*/{CHECKPOINT}"))


def test_a_checkpoint_from_elsewhere_is_none(interrupted: Path, mail: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(interrupted, copy)
    progress = Stops(-1)
    outcome = investigate([mail], copy, progress=progress)
    assert progress.examined == outcome.messages
    moved = interrupted.rename(tmp_path / "moved")
    progress = Stops(-1)
    assert investigate([mail], moved, progress=progress).messages - 32 == progress.examined


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *(
            (name, how)
            for name in (".evidence.taken", ".summaries.jsonl", "inputs.jsonl")
            for how in ("gone", "cut", "changed")
        ),
    ],
)
def test_what_is_damaged_is_read_anew(
    interrupted: Path, mail: Path, whole: tuple[dict[str, bytes], int], name: str, damage: str
) -> None:
    (path,) = interrupted.glob(f"{STAGING}*/{name}")
    content = path.read_bytes()
    path.unlink() if damage == "gone" else path.write_bytes(
        content[: len(content) // 2] if damage == "cut" else b"x" * len(content)
    )
    assert investigate([mail], interrupted).messages == MESSAGES + 1
    assert contents(interrupted) == whole[0]


@pytest.mark.parametrize("text", ["", "[]", "{}", "\x00", '{"run": "x"}', "null"])
def test_what_is_no_checkpoint(tmp_path: Path, text: str) -> None:
    (tmp_path / CHECKPOINT).write_text(text)
    assert read_checkpoint(tmp_path, "x") is None


@pytest.mark.parametrize(
    "change",
    [{"messages": -1}, {"manifest": 1.5}, {"summaries": True}, {"run": "y"}, {"folder": [0, 0]}],
)
def test_a_checkpoint_that_was_changed_is_none(tmp_path: Path, change: dict[str, object]) -> None:
    write_checkpoint(tmp_path, "x", Checkpoint(16, 16, 900, 900))
    assert read_checkpoint(tmp_path, "x") == Checkpoint(16, 16, 900, 900)
    told = json.loads((tmp_path / CHECKPOINT).read_text())
    (tmp_path / CHECKPOINT).write_text(json.dumps(told | change))
    assert read_checkpoint(tmp_path, "x") is None


@pytest.mark.parametrize(
    "own",
    [
        OwnServers(names=frozenset({"mx.example.it"})),
        OwnServers(receivers=("microsoft365",)),
        OwnServers(authserv_ids=frozenset({"mx.example.it"})),
        OwnServers(assume=True),
    ],
)
def test_a_run_that_believes_other_servers_is_another_run(own: OwnServers) -> None:
    def asked(own: OwnServers) -> str:
        return run_digest(Settings(own=own), CaseFile(), DnsStore())

    assert asked(own) == asked(own) != asked(OwnServers())
