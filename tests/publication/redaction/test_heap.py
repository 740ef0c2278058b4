"""Some hundred messages of the corpora, legitimate ones with real recipients among
them: published, the search finds nothing; without redaction it finds hundreds."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks.corpora import messages
from firsthop.investigation.investigate import investigate
from firsthop.investigation.publish import prepare, scan

EVERY = 25  # of the corpora's messages, one


@pytest.fixture(scope="module")
def heap_case(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A case of a sample of the corpora."""
    folder = tmp_path_factory.mktemp("corpora")
    heap = folder / "heap"
    heap.mkdir()
    for number, one in enumerate(messages()):
        if number % EVERY == 0:
            (heap / f"{number:05d}.eml").write_bytes(one.data)
    investigate([heap], folder / "case")
    yield folder / "case"
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.parametrize("tlp", ["AMBER", "CLEAR"])
def test_a_heap_goes_out_clean(heap_case: Path, tlp: str) -> None:
    ready = prepare(heap_case, tlp)
    assert scan(ready.files, ready.lookup) == ()
    text = b"\n".join(ready.files.values()).decode().lower()
    addresses = duckdb.connect().execute(
        f"SELECT DISTINCT lower(value) FROM '{heap_case}/people.parquet' WHERE value LIKE '%@%.%'"
    )
    leaked = (one for (one,) in addresses.fetchall() if one in text)
    whole = [one for one in leaked if re.search(rf"(?<![\w.-]){re.escape(one)}", text)]
    assert whole == []


@pytest.mark.slow
def test_without_redaction_hundreds_are_found(heap_case: Path) -> None:
    names = ("campaigns.json", "bulletin.en.md", "bulletin.it.html")
    files = {name: (heap_case / name).read_bytes() for name in names}
    assert len(scan(files, prepare(heap_case, "CLEAR").lookup)) > 200
