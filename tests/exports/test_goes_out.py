"""The formats of intelligence go out clean at the levels that hide people, and a leak
in any of them stops the export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from firsthop.investigation import export as module
from firsthop.investigation.export import export
from firsthop.publication.exports.exporter import Exported, Exporter
from firsthop.publication.exports.exporters import EXPORTERS
from firsthop.publication.exports.source import ExportSource
from tests.exports.intelligence import campaign_of
from tests.publication.redaction.mail import (
    LOGIN,
    MACHINE,
    OWN,
    PARAMETER,
    RECIPIENTS,
    VICTIMS,
    case_of,
    heap,
)

FORMATS = ("stix", "misp", "csv", "jsonl", "arf", "blocklist")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case full of people."""
    folder = tmp_path_factory.mktemp("people")
    return case_of(heap(folder / "home" / "caterina" / "segnalate"), folder / "case")


@pytest.mark.parametrize("tlp", ["GREEN", "CLEAR"])
def test_a_case_full_of_people_goes_out_clean(people: Path, tmp_path: Path, tlp: str) -> None:
    result = export(people, campaign_of(people), tmp_path / "out", formats=FORMATS, tlp=tlp)
    assert result.finds == ()
    text = "".join(
        path.read_text(encoding="utf-8").lower()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    )
    secrets = (OWN, MACHINE, LOGIN, PARAMETER, *(n for p in (*VICTIMS, *RECIPIENTS) for n in p))
    for secret in secrets:
        if secret != "Ufficio":  # a word, and nobody's name
            assert secret.lower() not in text
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {*FORMATS[:5], "report.json"}


@pytest.mark.parametrize(
    ("name", "leak"),
    [
        ("stix", f"{VICTIMS[0][0]}@libero.it"),
        ("misp", RECIPIENTS[0][1]),
        ("csv", OWN),
        ("jsonl", VICTIMS[1][0]),
        ("blocklist", OWN),
    ],
)
def test_a_leak_in_a_format_stops_it(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, leak: str
) -> None:
    sound = EXPORTERS[name]

    def leaking(source: ExportSource) -> Exported:
        return sound.write(with_leak(source, leak))

    spoiled: dict[str, Exporter] = {**EXPORTERS, name: sound._replace(write=leaking)}
    monkeypatch.setattr(module, "EXPORTERS", spoiled)
    result = export(people, campaign_of(people), tmp_path / "out", formats=[name], tlp="CLEAR")
    assert result.finds
    assert not (tmp_path / "out").exists()


def with_leak(source: ExportSource, leak: str) -> ExportSource:
    """The source as a faulty redaction would leave it."""
    summaries = tuple(one._replace(message_id=leak) for one in source.summaries)
    members = tuple(
        values | {("url_host", leak), ("reply_address", leak)} for values in source.members
    )
    return replace(source, summaries=summaries, members=members)
