"""What a message costs the archive and the embedded engine, in heaps of growing size:
CPU time and peak memory of one process each.

    python -m benchmarks.campaigns_engine [MESSAGES ...]         default: 10000 100000;
    1000000 takes about 5 minutes and 8 GB of disk

The heaps are made from the corpora's real messages: the rows of their features are
copied as often as needed, and in every copy the values that at most RARE of the real
messages carry are renamed, so that campaigns stay as large as they are and only what is
common grows. Copies are 977 s apart. A second heap of 100,000 holds one campaign of
20,000 messages besides: the features of one real message, again and again."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from math import log2
from pathlib import Path
from time import perf_counter

import duckdb

from benchmarks.corpora import messages
from firsthop.campaign.archive import Archive
from firsthop.campaign.engine import DuckDBEngine, family_rows, scored_pairs
from firsthop.campaign.features import features_of
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.record import MessageFeatures
from firsthop.evidence.facts import establish
from firsthop.settings import OwnServers

SIZES = (10_000, 100_000)
RARE = 50
MEMORY = "1GB"
COPIED = f"""
CREATE TABLE copied AS
    SELECT id || '-' || copy.range AS id, id AS original, copy.range AS copy, ts + copy.range * 977 AS ts, authenticated_domain, 1::BIGINT AS arrival
    FROM real_message, range($copies) AS copy ORDER BY copy.range, hash(id) LIMIT $messages;
CREATE TABLE rare AS SELECT hash FROM real_feature GROUP BY hash HAVING count(*) <= {RARE};
"""  # noqa: E501 - as it is written
ONE_CAMPAIGN = (
    "UPDATE copied SET original = (SELECT min(original) FROM copied), copy = 0 WHERE hash(id) % "
    "100000 < 20000"
)
FEATURES = """
SELECT copied.id AS msg, f.family, CASE WHEN rare.hash IS NULL THEN f.hash ELSE (hash(f.hash, copied.copy) >> 1)::BIGINT END AS hash
FROM copied JOIN real_feature AS f ON f.msg = copied.original LEFT JOIN rare ON rare.hash = f.hash
"""  # noqa: E501 - as it is written


def main() -> None:
    """Makes the heaps and measures each in a process of its own."""
    if sys.argv[1:2] == ["measure"]:
        measure(Path(sys.argv[2]))
        return
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "real.duckdb"
        print(archived(Path(folder) / "archive", base))
        for size, campaign in [(size, False) for size in sizes] + [(100_000, True)]:
            heap = Path(folder) / f"{size}-{campaign}"
            heap.mkdir()
            make(base, heap, size, campaign=campaign)
            print(f"\n{size:,} messages{', 20,000 of them one campaign' if campaign else ''}")
            subprocess.run(
                [sys.executable, "-m", "benchmarks.campaigns_engine", "measure", str(heap)],
                check=True,
            )


def archived(folder: Path, base: Path) -> str:
    """Writes the real messages into an archive, and from there into a database; says
    what the archive cost."""
    mail = list(read())
    started = cpu()
    with Archive.open(folder) as archive:
        kept = sum(archive.add(one) for one in mail)
        archive.flush()
        written = cpu() - started
        again = sum(1 for _ in archive.messages())
        size = sum(segment.size for segment in archive.segments())
        names = {
            kind: [str(folder / "segments" / one.name) for one in archive.segments(kind)]
            for kind in ("message", "feature")
        }
    read_back = cpu() - started - written
    with duckdb.connect(str(base)) as connection:
        connection.execute(
            "CREATE TABLE real_message AS SELECT * FROM read_parquet($1)", [names["message"]]
        )
        connection.execute(
            "CREATE TABLE real_feature AS SELECT * FROM read_parquet($1)", [names["feature"]]
        )
    rows = sum(len(one.features) for one in mail) / len(mail)
    return (
        f"archive: {kept} messages, {rows:.1f} features each: written in "
        f"{written / kept * 1e6:.0f} us a message, "
        f"read in {read_back / again * 1e6:.0f}, {size / kept:.0f} bytes each"
    )


def read() -> Iterator[MessageFeatures]:
    """The features of the corpora's messages."""
    for one in messages():
        yield features_of(establish(one.message(), OwnServers()))


def make(base: Path, heap: Path, size: int, *, campaign: bool) -> None:
    """Writes the tables of a heap of `size` messages."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{base}' AS base (READ_ONLY)")
        for table in ("real_message", "real_feature"):
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM base.{table}")
        ((real,),) = connection.execute("SELECT count(*) FROM real_message").fetchall()
        for statement in (
            COPIED.replace("$copies", str(-(-size // real)))
            .replace("$messages", str(size))
            .split(";")
        ):
            connection.execute(statement)
        if campaign:
            connection.execute(ONE_CAMPAIGN)
        connection.execute(f"COPY copied TO '{heap}/message.parquet'")
        connection.execute(f"COPY ({FEATURES}) TO '{heap}/feature.parquet'")


def measure(heap: Path) -> None:
    """Runs the statements over a heap; prints what each phase cost."""
    with DuckDBEngine(heap, MEMORY) as engine:
        started = at = (cpu(), perf_counter())
        engine.load("message", [heap / "message.parquet"])
        engine.load("feature", [heap / "feature.parquet"])
        engine.put("family", family_rows())
        ((size, *_, domains),) = engine.run("heap_count")
        values = sum(1 for _ in engine.run("value_stats"))
        at = tell("value_stats", at, size, f"{values / size:.2f} values")
        engine.put(
            "weight", (weighed(row, size, max(1, domains)) for row in engine.run("value_stats"))
        )
        at = tell("weights", at, size)
        list(engine.run("pair_score", high=1))
        at = tell("traits", at, size)
        pairs = sum(1 for _ in scored_pairs(engine))
        tell("pairs", at, size, f"{pairs / size:.2f} pairs kept")
        tell(
            "all",
            started,
            size,
            f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB",
        )


def weighed(
    row: tuple[int, str, int, int, int, float, float, int, int, int, float], size: int, domains: int
) -> tuple[int, float, float]:
    """A plain weight: hash, p, bits."""
    hashed, family, n, campaigns, _, _, outside, authenticated, told, *_ = row
    platform = told / domains if told >= 3 and authenticated * 4 >= n else 0.0
    p = max(platform, min(campaigns / size, outside), 0.5 / size)
    return hashed, p, min(16.0, -log2(p)) * FAMILIES[family].reliability


def cpu() -> float:
    """CPU seconds of this process, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def tell(phase: str, since: tuple[float, float], size: int, more: str = "") -> tuple[float, float]:
    """Prints the cost of a phase; gives the time of its end."""
    now = (cpu(), perf_counter())
    print(
        f"  {phase:12} {(now[0] - since[0]) / size * 1e6:7.1f} us CPU a message, "
        f"{now[1] - since[1]:6.1f} s   {more}",
        flush=True,
    )
    return now


if __name__ == "__main__":
    main()
