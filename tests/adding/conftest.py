"""Mail in three folders, and a campaign in two halves."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.campaigns.planted import Plan, write
from tests.adding.cases import STEPS


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three folders, with campaigns that lie in all of them, two messages twice, one
    without a header, an mbox and a file that is no mail."""
    monkeypatch.chdir(tmp_path)
    plans = [Plan("one", 9), Plan("two", 8, kind=1), *(Plan(f"noise-{n}", 1) for n in range(10))]
    mails = [data for plan in plans for data in write(plan, 1)]
    for step in STEPS:
        (tmp_path / step).mkdir()
    for number, data in enumerate(mails):
        (tmp_path / STEPS[number % 3] / f"{number:02}.eml").write_bytes(data)
    (tmp_path / "b" / "copy.eml").write_bytes(mails[0])
    (tmp_path / "a" / "again.eml").write_bytes(mails[1])
    (tmp_path / "b" / "bare.eml").write_bytes(b"\nno header\n")
    (tmp_path / "c" / "empty.eml").write_bytes(b"")
    (tmp_path / "c" / "some.mbox").write_bytes(
        b"".join(b"From a@b Thu May 29 14:18:38 2014\n" + one + b"\n" for one in mails[2:5])
    )
    return tmp_path


def by_time(folder: Path, mails: list[bytes]) -> None:
    folder.mkdir()
    for number, data in enumerate(mails):
        (folder / f"{number:02}.eml").write_bytes(data)


@pytest.fixture
def waves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An early and a late half of one campaign."""
    monkeypatch.chdir(tmp_path)
    mails = list(write(Plan("mine", 12), 1))
    by_time(tmp_path / "early", mails[:6])
    by_time(tmp_path / "late", mails[6:])
    by_time(tmp_path / "noise", [one for n in range(12) for one in write(Plan(f"n-{n}", 1), 1)])
    return tmp_path
