"""The set of files that may go out: what each level shows, one pseudonym for one
person, nothing half, nothing overwritten, nothing where a leak is found."""

from __future__ import annotations

import io
import json
import stat
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from pypdf import PdfReader

from firsthop.case.secret import KEY_FILE, case_key
from firsthop.case.verify import verify
from firsthop.errors import CaseError, SettingsError
from firsthop.investigation import publish as module
from firsthop.investigation.investigate import investigate
from firsthop.investigation.publish import Prepared, prepare, publish, scan
from firsthop.publication.json.campaigns import read_campaigns
from firsthop.publication.redaction.case_facts import sources_of
from firsthop.publication.redaction.known import Known, known_of
from firsthop.publication.redaction.levels import LEVELS, unredacted_tlp
from firsthop.publication.redaction.pseudonyms import Pseudonyms
from firsthop.publication.words import LANGUAGES
from firsthop.settings import TLP, OwnServers
from tests.children import run as run_child
from tests.publication.redaction import mail

ROOT = Path(__file__).parents[3]


def text_of(ready: Prepared) -> str:
    return "\n".join(data.decode() for data in ready.files.values())


def test_the_example_of_2014_goes_out_to_everybody(tmp_path: Path) -> None:
    investigate([ROOT / "examples" / "libero-2014"], tmp_path / "case")
    result = publish(tmp_path / "case", tmp_path / "out", tlp="CLEAR")
    assert result.finds == ()
    assert set(result.files) == {path.name for path in (tmp_path / "out").iterdir()}
    text = (tmp_path / "out" / "bulletin.en.md").read_text(encoding="utf-8")
    assert "TLP:CLEAR" in text
    assert "r3[.]kawaz[.]jp" in text, "relays of third parties are shown, defanged"
    assert "7cho-me[.]com" in text
    assert "85[.]65[.]59[.]147" in text
    assert "r3.kawaz.jp" in (tmp_path / "out" / "campaigns.json").read_text(), "live"


def test_the_pages_go_out_redacted_and_searched(tmp_path: Path, case: Path) -> None:
    for name in ("one", "two"):
        result = publish(case, tmp_path / name, tlp="CLEAR", pages=True)
        assert result.finds == ()
    pages = [f"bulletin.{language}.pdf" for language in LANGUAGES]
    assert set(pages) <= set(result.files)
    for page in pages:
        data = (tmp_path / "one" / page).read_bytes()
        assert data == (tmp_path / "two" / page).read_bytes(), "the same bytes"
        text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(data)).pages)
        assert "TLP:CLEAR" in text
        assert mail.VICTIMS[0][0] not in text.lower()


def test_without_the_libraries_no_pages_go_out(
    tmp_path: Path, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("typst", "pypdf", "pypdfium2"):
        with monkeypatch.context() as within:
            within.setitem(sys.modules, name, None)
            with pytest.raises(SettingsError, match=r"firsthop\[pdf\]"):
                publish(case, tmp_path / "out", tlp="CLEAR", pages=True)
    assert list(tmp_path.iterdir()) == []


def test_pages_of_a_case_that_are_not_redacted_are_found(
    mail_folder: Path, tmp_path: Path, clear: Prepared
) -> None:
    investigate([mail_folder], tmp_path / "case", pages=True)
    unredacted = {path.name: path.read_bytes() for path in (tmp_path / "case").glob("*.pdf")}
    finds = scan(unredacted, clear.lookup)
    assert {one.file for one in finds} == set(unredacted)
    assert "private_host" in {one.kind for one in finds}


def test_the_manifest_holds_for_sha256sum(tmp_path: Path, case: Path) -> None:
    publish(case, tmp_path / "out", tlp="CLEAR")
    table = json.loads((tmp_path / "out" / "publication.json").read_text())
    assert table["tlp"] == "CLEAR"
    for one in table["files"]:
        data = (tmp_path / "out" / one["name"]).read_bytes()
        assert (len(data), sha256(data).hexdigest()) == (one["size"], one["sha256"])
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert run_child(command, cwd=tmp_path / "out").returncode == 0


def test_one_person_is_one_pseudonym_in_all_files(case: Path, clear: Prepared) -> None:
    local, name = mail.VICTIMS[0]
    person = Pseudonyms(case_key(case)).person(local)
    campaigns = clear.files["campaigns.json"].decode()
    assert f"{person}@libero.it" in campaigns, "the address, with its domain"
    assert f".{person}@" in campaigns, "within a Message-ID"
    values = {
        atom.value
        for one in read_campaigns(case)
        for signature in one.campaign.signatures
        for atom in signature.atoms
    }
    assert any(local in value for value in values), "the case itself holds it"
    for data in clear.files.values():
        assert local not in data.decode().lower()
        assert name.lower() not in data.decode().lower()


def test_a_pair_is_shown_as_its_elements_are(clear: Prepared) -> None:
    signatures = [
        signature
        for one in json.loads(clear.files["campaigns.json"])
        for signature in one["signature"].values()
    ]
    assert any(one["pairs"] for one in signatures)
    for one in signatures:
        shown = {(atom["family"], atom["value"]) for atom in one["atoms"]}
        for pair in one["pairs"]:
            assert {(key["family"], key["value"]) for key in pair.values()} <= shown
        assert one["told"] <= len(one["atoms"])


def test_the_subject_keeps_its_relation_to_the_author(case: Path) -> None:
    known = _known(case, "CLEAR")
    from firsthop.publication.redaction.campaigns import value_of
    from firsthop.publication.redaction.redactor import Redactor

    by = Redactor(known, Pseudonyms(case_key(case)))
    person = by.pseudonyms.person("mario.rossi")
    assert value_of("subject_template", "mario rossi", by) == person
    assert value_of("author_address", "mario.rossi@libero.it", by) == f"{person}@libero.it"
    assert value_of("display_name", "mario rossi", by) == person
    assert value_of("subject_template", "ciao a tutti", by) is None
    assert value_of("helo", "mario-rossi.example.com", by) == f"{person}.example.com"
    assert value_of("passage", "ciao mario rossi come stai", by) is None
    assert value_of("local_shape", "mario.rossi", by) == "w5.w5"
    assert value_of("id_affix", "20250512.m*", by) == "20250512.m*"
    assert value_of("id_affix", "*.mario.ros", by) is None, "a name cut at the edge"
    assert by.host(mail.OWN).startswith("own-")
    assert by.host(mail.MACHINE).startswith("host-")
    assert (by.host("unknown"), by.host("localhost")) == ("unknown", "localhost")
    assert by.text("bounce-9-anna.bianchi=x.org@l.example.net").count("user-") == 1


def _known(case: Path, tlp: str) -> Known:
    from firsthop.investigation.kept import read_kept
    from firsthop.publication.redaction.vocabulary import shared_words

    kept = read_kept(case)
    return known_of(sources_of(case, kept.own, kept.roots), LEVELS[tlp], shared_words())


def test_pseudonyms_stay_over_runs_and_differ_over_cases(
    case: Path, mail_folder: Path, tmp_path: Path, clear: Prepared
) -> None:
    assert prepare(case, "CLEAR").files == clear.files
    other = mail.case_of(mail_folder, tmp_path / "other")
    here, there = (Pseudonyms(case_key(one)).person("mario.rossi") for one in (case, other))
    assert here != there
    assert here not in text_of(prepare(other, "CLEAR"))


def test_the_key_is_the_owners_and_no_part_of_the_case(case: Path, clear: Prepared) -> None:
    key = case / KEY_FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert verify(case) == []
    assert key.read_text().strip() not in text_of(clear)
    assert KEY_FILE not in clear.files


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("abc")
    with pytest.raises(CaseError, match="damaged"):
        case_key(tmp_path)
    (tmp_path / KEY_FILE).unlink()
    (tmp_path / KEY_FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CaseError, match="no file of the case"):
        case_key(tmp_path)


def test_a_key_that_others_can_read_is_closed(tmp_path: Path) -> None:
    case_key(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o644)
    case_key(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


SHOWN = {
    # what, in which levels it is shown
    "mario.rossi@libero.it": ("RED", "AMBER+STRICT"),
    mail.OWN: ("RED", "AMBER+STRICT", "AMBER"),
    mail.MACHINE.lower(): ("RED", "AMBER+STRICT", "AMBER"),
    "segnalazione-": ("RED", "AMBER+STRICT", "AMBER"),
    "anna.bianchi": ("RED",),  # a recipient, in the header excerpts
    "caterina": (),
}


@pytest.mark.parametrize("tlp", TLP)
def test_each_level_shows_what_the_table_says(case: Path, tlp: str) -> None:
    ready = prepare(case, tlp)
    assert scan(ready.files, ready.lookup) == ()
    text = text_of(ready).lower()
    text = text.replace("[.]", ".").replace("[@]", "@")
    shown = {what for what in SHOWN if what in text}
    assert shown == {what for what, levels in SHOWN.items() if tlp in levels}


def test_no_input_path_goes_out_at_any_level(case: Path, mail_folder: Path) -> None:
    for tlp in TLP:
        text = text_of(prepare(case, tlp))
        assert str(mail_folder) not in text
        assert str(mail_folder.parent) not in text


def test_without_redaction_the_scan_finds_it(case: Path, clear: Prepared) -> None:
    unredacted = {
        path.name: path.read_bytes()
        for path in case.iterdir()
        if path.suffix in (".md", ".html", ".json")
    }
    finds = scan(unredacted, clear.lookup)
    assert len(finds) > 30
    assert {"author", "path", "own_host", "private_host"} <= {one.kind for one in finds}


def test_the_bulletin_of_the_case_does_not_claim_to_go_out(
    mail_folder: Path, tmp_path: Path
) -> None:
    for tlp, marked in (("CLEAR", "AMBER"), ("GREEN", "AMBER"), ("RED", "RED"), (None, "AMBER")):
        case = mail.case_of(mail_folder, tmp_path / str(tlp), tlp)
        for path in sorted(case.glob("bulletin.*")):
            text = path.read_text(encoding="utf-8")
            assert f"TLP:{marked}" in text, path
            assert "firsthop publish" in text
        assert prepare(case).tlp == (tlp or "AMBER")
    assert [unredacted_tlp(tlp) for tlp in TLP] == ["RED", "AMBER+STRICT", *("AMBER",) * 3]


def test_nothing_is_written_where_a_leak_is_found(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = module._files

    def leaking(*arguments: object, **named: object) -> object:
        yield from former(*arguments, **named)  # type: ignore[arg-type]
        yield "notes.csv", b"n,who\n1,mario.rossi@libero.it\n"

    monkeypatch.setattr(module, "_files", leaking)
    result = publish(case, tmp_path / "out", tlp="CLEAR")
    assert result.files == ()
    assert {(one.file, one.line) for one in result.finds} == {("notes.csv", 2)}
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(case: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("x")
    with pytest.raises(CaseError, match="not empty"):
        publish(case, tmp_path / "out", tlp="CLEAR")
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(CaseError, match="not empty"):
        publish(case, tmp_path / "file", tlp="CLEAR")


def test_a_case_that_kept_less_is_named(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    with pytest.raises(CaseError, match="run `firsthop investigate`"):
        publish(tmp_path / "case", tmp_path / "out", tlp="CLEAR")


def test_no_level_is_no_level(case: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no TLP level"):
        publish(case, tmp_path / "out", tlp="WHITE")


def test_own_servers_are_hidden_by_suffix_too(mail_folder: Path, tmp_path: Path) -> None:
    from firsthop.settings import Settings

    own = OwnServers(names=frozenset((".posta-interna.example.org",)))
    investigate([mail_folder], tmp_path / "case", settings=Settings(own))
    assert mail.OWN not in text_of(prepare(tmp_path / "case", "CLEAR"))
