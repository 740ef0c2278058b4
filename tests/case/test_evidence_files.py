"""The Parquet files hold every fact with its place, repeat to the byte, and their
writer reaches nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from firsthop.case.parquet.columns import TABLES, evidence_columns, evidence_records
from firsthop.case.parquet.files import EvidenceFiles
from firsthop.evidence.bulk.read import columns_of, read_batch
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.judgement.examine import Examination
from firsthop.judgement.schema import FINDINGS
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_bytes
from firsthop.settings import OwnServers


def rows(file: Path, columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {columns} FROM read_parquet(?)", [str(file)]).fetchall()


def facts_of(data: bytes) -> MessageFacts:
    mail = next(mail for mail in read_bytes(data, "test.eml") if isinstance(mail, RawMail))
    return establish(read_mail(mail), OwnServers())


def test_the_hops_of_the_example(write_case: Callable[..., Path]) -> None:
    case = write_case()
    found = rows(
        case / "hops.parquet",
        "message, helo, client_address, by_host, authenticated, epoch(stamp), "
        "stamp_offset_minutes, queue_id_inode, value_lost",
    )
    assert found[5] == (
        6,
        "mustlovewine.com",
        "109.86.164.213",
        "server1.commentspot.net",
        True,
        1401407775,
        -420,
        None,
        ["reverse_path"],
    )
    assert [row[0] for row in found] == [1, 2, 3, 4, 5, 6, 7]
    assert found[1][-2] == 207351582


def test_the_messages_of_the_example(write_case: Callable[..., Path], mails: list[RawMail]) -> None:
    case = write_case()
    found = rows(
        case / "messages.parquet",
        "message, source_offset, sha256, message_id_state, message_id_start, message_id_stop, hops",
    )
    assert [row[:3] for row in found] == [
        (number, mail.source.offset, mail.source.sha256) for number, mail in enumerate(mails, 1)
    ]
    assert [row[3] for row in found] == [
        "present",
        "present",
        "absent",
        "value_lost",
        "absent",
        "value_lost",
        "value_lost",
    ]
    assert mails[0].data[slice(*found[0][4:6])].startswith(b"Message-ID:")
    assert found[2][4:6] == (None, None)


def test_findings_keep_their_observations(
    write_case: Callable[..., Path], examinations: list[Examination]
) -> None:
    case = write_case()
    found = rows(case / "findings.parquet", "message, check_name, outcome, observations")
    made = [
        (number, finding) for number, one in enumerate(examinations, 1) for finding in one.findings
    ]
    assert [row[:3] for row in found] == [
        (number, finding.check, str(finding.outcome)) for number, finding in made
    ]
    assert [[seen["value"] for seen in row[3]] for row in found] == [
        [seen.value for seen in finding.observations] for _, finding in made
    ]
    assert len(rows(case / "verdicts.parquet", "question")) == 14


def test_bare_facts_give_two_files(tmp_path: Path, examinations: list[Examination]) -> None:
    with EvidenceFiles(tmp_path) as evidence:
        assert [evidence.add(one.facts) for one in examinations] == [1, 2, 3, 4, 5, 6, 7]
    assert sorted(path.name for path in tmp_path.glob("[!.]*")) == [
        "hops.parquet",
        "messages.parquet",
    ]


def test_no_message_gives_empty_files(tmp_path: Path) -> None:
    with EvidenceFiles(tmp_path):
        pass
    assert rows(tmp_path / "messages.parquet", "count(*)") == [(0,)]


def test_findings_alike_are_told_as_each_alone(examinations: list[Examination]) -> None:
    findings = [one.findings for one in examinations]
    told = evidence_columns(columns_of([one.facts for one in examinations]), examinations)
    alone = FINDINGS.taken([finding for of_message in findings for finding in of_message])
    columns = dict(told.tables[TABLES.index(FINDINGS)])
    assert columns.pop("message") == [n for n, some in enumerate(findings) for _ in some]
    for name, values in columns.items():
        assert list(values) == list(alone[name]), name


def taken(folder: Path, examinations: list[Examination], size: int = 5) -> EvidenceFiles:
    """Evidence files that have taken so many messages at a time."""
    files = EvidenceFiles(folder)
    for start in range(0, len(examinations), size):
        some = examinations[start : start + size]
        files.add_records(evidence_columns(columns_of([one.facts for one in some]), some).records())
    return files


def test_batches_do_not_show(tmp_path: Path, examinations: list[Examination]) -> None:
    digests = set()
    for size in (1, 3, 5_000):
        folder = tmp_path / str(size)
        folder.mkdir()
        with taken(folder, examinations * 20, size):
            pass
        digests.add(
            hashlib.sha256(
                b"".join(path.read_bytes() for path in sorted(folder.glob("*.parquet")))
            ).hexdigest()
        )
    assert len(digests) == 1


def test_messages_take_their_places_or_go(tmp_path: Path, examinations: list[Examination]) -> None:
    former = {}
    with taken(tmp_path, examinations):
        pass
    for path in tmp_path.glob("*.parquet"):
        former[path.name] = path.rename(tmp_path / f".{path.name}")
    with taken(tmp_path, examinations[:2]) as evidence:
        evidence.arrange([3, 1, None, 4, None, 2, None, None, None], former)
    for name, column in (("messages", "sha256"), ("findings", "check_name"), ("hops", "raw")):
        told = {
            number: [
                row[1:]
                for row in rows(former[f"{name}.parquet"], f"message, {column}")
                if row[0] == number
            ]
            for number in range(1, 8)
        }
        found = rows(tmp_path / f"{name}.parquet", f"message, {column}")
        assert found == [
            (place, *row) for place, number in enumerate((2, 4, 1, 2), 1) for row in told[number]
        ]


HOSTILE = (
    b"Received: from x ([192.0.2.1]) by y (Postfix) with SMTP id 3yZ0k46bdWz"
    + b"9" * 400
    + b"; Fri, 31 Dec 9998 23:59:59 -1200\r\n"
    b"Received: by z (Exim 4.99) id zzzzzz-zzzzzzzzzzz-zzzz; Fri, 30 May 2014 08:17:15 +0900\r\n"
    b"From: =?utf-7?q?+2AA-?= <a@b>\r\nSubject: \x00\x1b[31m\xff '); DROP TABLE hops; --\r\n\r\n"
)


def test_hostile_values_are_only_values(tmp_path: Path) -> None:
    with EvidenceFiles(tmp_path) as evidence:
        evidence.add(facts_of(HOSTILE))
    ((subject, name),) = rows(tmp_path / "messages.parquet", "subject, from_display_name")
    assert subject == "\x00\x1b[31m\\xff '); DROP TABLE hops; --"
    assert name is None or name.encode("utf-8")
    assert (
        len(rows(tmp_path / "hops.parquet", "queue_id_inode, epoch(queue_id_time), epoch(stamp)"))
        == 2
    )


@pytest.mark.parametrize("folder", ["it's", "a b", "ü", "x[1]*"])
def test_a_folders_name_is_only_a_name(
    tmp_path: Path, folder: str, examinations: list[Examination]
) -> None:
    (tmp_path / folder).mkdir()
    with EvidenceFiles(tmp_path / folder) as evidence:
        evidence.add(examinations[0])
    assert (tmp_path / folder / "messages.parquet").is_file()


def test_the_buffers_of_a_batch_say_what_its_values_say(
    tmp_path: Path, mails: list[RawMail]
) -> None:
    known = (*mails, *(one._replace(data=HOSTILE) for one in mails[:1]))
    batch = read_batch(known, OwnServers())
    tables = []
    for number, evidence in enumerate((evidence_records(batch), evidence_columns(batch).records())):
        folder = tmp_path / str(number)
        folder.mkdir()
        with EvidenceFiles(folder) as files:
            files.add_records(evidence)
        tables.append([rows(folder / f"{name}.parquet", "*") for name in ("messages", "hops")])
    assert tables[0] == tables[1]
    assert len(tables[0][0]) == len(known)
