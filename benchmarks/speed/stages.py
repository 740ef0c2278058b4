"""What `investigate` reads a message for, stage by stage, with the native kernel and in
Python."""

from __future__ import annotations

import marshal
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.speed.parts import PARTS, Mails

CHUNK = 64  # messages at a time, as `investigate` takes them
ENGINES = {"stages": "native kernel", "python-stages": "in Python"}
STAGES = {
    "sources": "what a mail encloses, its digest",
    "batch": "header facts as columns",
    "facts": "objects of these, path and identities",
    "examined": "authentication, checks, verdicts",
    "content": "content: parts, text, tags, links",
    "features": "features beside it, with passages",
    "rows": "rows of the archive, summary",
    "evidence": "columns of the evidence",
}


def stages(part: str, chance: int, folder: Path, *, kernel: bool) -> dict[str, float]:
    """Microseconds a message that each stage takes, one after the other, on messages
    not seen before."""
    if not kernel:
        os.environ["FIRSTHOP_KERNEL"] = "off"
    mails: Mails = marshal.loads((folder / part).read_bytes())
    random.Random(chance).shuffle(mails)
    rest: Mails = marshal.loads((folder / f"{part}.rest").read_bytes())
    before = rest + mails[: len(mails) // 2]
    _read(before, dict.fromkeys(STAGES, 0.0))
    found = dict.fromkeys(STAGES, 0.0)
    measured = mails[len(mails) // 2 :]
    _read(measured, found)
    return {name: seconds / len(measured) * 1e6 for name, seconds in found.items()}


def _read(mails: Mails, found: dict[str, float]) -> None:
    from firsthop.system.garbage import seldom_collected  # noqa: PLC0415 - as in parts.py

    with seldom_collected():
        for start in range(0, len(mails), CHUNK):
            _chunk(mails[start : start + CHUNK], found)


def _chunk(mails: Mails, found: dict[str, float]) -> None:
    from firsthop.campaign.archive.records import records_of  # noqa: PLC0415
    from firsthop.campaign.features import features_of_all  # noqa: PLC0415
    from firsthop.campaign.first_hops.summary import summarize  # noqa: PLC0415
    from firsthop.case.parquet.columns import evidence_records  # noqa: PLC0415
    from firsthop.case_file import CaseFile  # noqa: PLC0415
    from firsthop.evidence.bulk.read import read_batch  # noqa: PLC0415
    from firsthop.evidence.facts import EMPTY  # noqa: PLC0415
    from firsthop.judgement.examine import examine_all  # noqa: PLC0415
    from firsthop.mail.sources import RawMail, read_bytes  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        found[name] += time.process_time() - start
        return result

    case_file = CaseFile()
    read = timed("sources", lambda: [one for d in mails for one in read_bytes(d, "a.eml")])
    raw = [one for one in read if isinstance(one, RawMail)]
    batch = timed("batch", lambda: read_batch(raw, OwnServers()))
    facts = timed("facts", lambda: [batch.facts(n, EMPTY) for n in range(len(raw))])
    judged = timed("examined", lambda: examine_all(facts, case_file))
    timed("content", lambda: [one.content for one in facts])
    features = timed("features", lambda: features_of_all(facts, case_file))
    timed("rows", lambda: (records_of(features), [summarize(one) for one in judged]))
    timed("evidence", lambda: evidence_records(batch, judged))


def stage_table(taken: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """The table, of what `taken` gives for each of ENGINES."""
    columns = [
        (taken[what][part], f"{part}, {says}") for what, says in ENGINES.items() for part in PARTS
    ]
    rows = [
        f"| {says} | " + " | ".join(f"{one[name]:.0f}" for one, _ in columns) + " |"
        for name, says in STAGES.items()
    ]
    total = " | ".join(f"{sum(one.values()):.0f}" for one, _ in columns)
    return [
        "## What a message of a case costs to read",
        "",
        "Microseconds a message, steady, of what a worker of `investigate` does: all but",
        "opening files, splitting mailboxes and writing the case.",
        "",
        f"| | {' | '.join(name for _, name in columns)} |",
        "|---|" + "---:|" * len(columns),
        *rows,
        f"| all | {total} |",
        "",
    ]
