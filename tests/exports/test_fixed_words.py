"""What a format says of itself is nobody's name: else a case in which somebody is
called `feedback`, or a link has `external_id=`, could never go out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from firsthop.investigation.export import export
from firsthop.investigation.investigate import investigate
from firsthop.publication.exports.exporters import EXPORTERS
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.redaction.canonical import ATOM, folded, tells_alone
from firsthop.publication.redaction.vocabulary import shared_words
from firsthop.settings import OwnServers, Settings
from tests.exports.intelligence import campaign_of, draft_text
from tests.publication.redaction.mail import OWN, heap

FORMATS = tuple(EXPORTERS)
SHORTEST = 5  # letters: shorter ones are hexadecimal as often as words


def own_words(name: str, source: ExportSource) -> set[str]:
    """The words of a format's files that are not the case's, and could be a name."""
    told = (source.members, source.summaries, source.full, source.investigation.case_file)
    of_case = set(ATOM.findall(folded(repr(told))))
    of_case |= {word for _, data in source.originals() for word in _words(data)}
    written = EXPORTERS[name].write(source)
    words = {word for data in written.files.values() for word in _words(data)}
    words |= {w for gap in written.gaps for w in ATOM.findall(folded(f"{gap.what} {gap.reason}"))}
    return {
        word
        for word in words - of_case
        if len(word) >= SHORTEST
        and word.isalpha()
        and not any(word in one for one in of_case)  # a page may break a long name
        and re.search("[g-z]", word)
        and tells_alone(word, shared_words())
    }


def _words(data: bytes) -> list[str]:
    is_draft = data.startswith(b"From: reporter")
    text = draft_text(data) if is_draft else data.decode("utf-8", "replace")
    return ATOM.findall(folded(text))


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_nothing_that_is_a_name(full_source: ExportSource, name: str) -> None:
    assert own_words(name, full_source) == set()


def test_a_link_may_hold_the_formats_words(tmp_path: Path) -> None:
    folder = heap(tmp_path / "mail")
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        words = "external_id feedback information template incidents indicator".split()
        links = "\n".join(f"http://a.example.net/?u={word}" for word in words)
        path.write_text(f"{text}\n{links}\n", encoding="utf-8")
    settings = Settings(OwnServers(names=frozenset((OWN,))))
    investigate([folder], tmp_path / "case", settings=settings)
    case = tmp_path / "case"
    result = export(case, campaign_of(case), tmp_path / "out", formats=FORMATS, tlp="CLEAR")
    assert result.finds == ()
