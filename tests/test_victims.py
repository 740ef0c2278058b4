"""What victims hand over is read in every form, compared on this machine, and leaves
nothing but counts in the case."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from firsthop.campaign.causes.outside import PlaceCounts
from firsthop.case_file import read_case_file
from firsthop.errors import CaseError, SettingsError
from firsthop.evidence.host.places import PlaceData
from firsthop.faces.cli import cli
from firsthop.investigation.contacts.victims import read_victims
from firsthop.investigation.investigate import investigate
from firsthop.investigation.publish import publish
from firsthop.publication.json.hypotheses import HYPOTHESES
from firsthop.publication.json.outside import OUTSIDE, read_outside
from tests.evidence.test_places import write_mmdb

MARIO = "mario@libero.it"
FRIENDS = ["anna@example.org", "bruno@example.net", "carla.rossi@posta.example.it"]
VCARD = """BEGIN:VCARD\r
VERSION:3.0\r
FN:Anna\r
EMAIL;TYPE=INTERNET:Anna@example.org\r
item1.EMAIL;type=pref:bruno@exam\r
 ple.net\r
REV:2014-01-01T00:00:00Z\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:2.1\r
PHOTO;ENCODING=b;TYPE=JPEG:AAAAAAA=\r
NOTE;ENCODING=QUOTED-PRINTABLE:una nota lunga=\r
 che continua=\r
EMAIL:not@a.contact\r
EMAIL;ENCODING=QUOTED-PRINTABLE:carla.rossi=40posta=\r
.example.it\r
END:VCARD\r
"""
GOOGLE = (
    "Name,Given Name,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Value\n"
    "Anna,Anna,* Home,anna@example.org ::: bruno@example.net,\n"
    'Carla,"Carla, detta ""C""",,Carla.Rossi@posta.example.it,\n'
)
OUTLOOK = (
    "Nome;Cognome;Indirizzo posta elettronica;Nome visualizzato posta elettronica\r\n"
    "Anna;B;anna@example.org;Anna B (anna@example.org)\r\n"
    "Bruno;C;bruno@example.net;\r\nCarla;R;carla.rossi@posta.example.it;\r\n"
)
THUNDERBIRD = (
    "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email\n"
    "Anna,B,Anna B,,anna@example.org,bruno@example.net\n,,,,carla.rossi@posta.example.it,\n"
)
SENT = "".join(
    f"From mario@libero.it Thu May  1 10:00:00 2014\nFrom: Mario <{MARIO}>\nTo: <{one}>\n"
    f"Date: Thu, 0{n + 1} May 2014 10:00:00 +0200\nSubject: ciao\n\nciao\n\n"
    for n, one in enumerate(FRIENDS)
) + (
    "From x@example.org Thu May  1 10:00:00 2014\nFrom: x@example.org\nTo: y@example.org\n"
    "Subject: not his\n\nno\n\n"
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.vcf", VCARD.encode()),
        ("google.csv", GOOGLE.encode()),
        ("google.csv", b"\xef\xbb\xbf" + GOOGLE.encode()),
        ("google.csv", GOOGLE.encode("utf-16")),
        ("outlook.csv", OUTLOOK.encode()),
        ("outlook.csv", OUTLOOK.replace("Anna", "Annà").encode("cp1252")),
        ("outlook.txt", OUTLOOK.replace(";", "\t").encode()),
        ("thunderbird.csv", THUNDERBIRD.encode()),
        ("Sent", SENT.encode()),
    ],
)
def test_every_form_gives_the_same_contacts(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    book = read_victims([f"Mario@libero.it={tmp_path / name}"])
    assert sorted(book[MARIO]) == sorted(FRIENDS)
    dated = [one.day for one in book[MARIO].values()]
    assert all(day is not None for day in dated) == (name == "Sent")
    assert {one.written_to for one in book[MARIO].values()} == {name == "Sent"}


def test_several_files_of_one_victim_are_one_book(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_text(VCARD)
    (tmp_path / "Sent").write_text(SENT)
    book = read_victims([f"{MARIO}={tmp_path / one}" for one in ("a.vcf", "Sent")])
    assert {(one.in_book, one.written_to) for one in book[MARIO].values()} == {(True, True)}


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("{path}", "needs ADDRESS=PATH"),
        ("mario={path}", "needs ADDRESS=PATH"),
        (f"{MARIO}=", "needs ADDRESS=PATH"),
        (f"{MARIO}={{path}}.missing", "no such file or folder"),
        (f"{MARIO}={{path}}", "no contact stands in it"),
    ],
)
def test_what_cannot_be_used_is_one_line_without_a_contact(
    tmp_path: Path, named: str, says: str
) -> None:
    (tmp_path / "empty.csv").write_text("Name,E-mail\n,nobody\n")
    with pytest.raises(SettingsError, match=says) as raised:
        read_victims([named.format(path=tmp_path / "empty.csv")])
    assert "\n" not in str(raised.value)
    assert MARIO not in str(raised.value)


def heap(folder: Path) -> Path:
    """Forged mail in four names, to contacts of each."""
    folder.mkdir()
    for victim in range(4):
        for n in range(12):
            client = f"9.{victim}.{n}.7"
            (folder / f"{victim}.{n}.eml").write_text(
                f"Received: from pc (unknown [{client}]) by relay.example.net (Postfix) with "
                f"ESMTPA id AB12CD34EF; Sat, 17 May 2014 12:00:00 +0000 (UTC)\n"
                f"From: <v{victim}@libero.it>\nTo: <friend{n}.of{victim}@example.org>\n"
                f"Subject: v{victim}\n\nhttp://example.com/{n}\n"
            )
    return folder


def books(folder: Path) -> list[str]:
    """Address books of two of them, with contacts who got nothing."""
    named = []
    for victim in range(2):
        book = folder / f"secret-book-{victim}.csv"
        rows = [f"P,friend{n}.of{victim}@example.org" for n in range(12)]
        rows += [f"P,neverhit{n}@example.org" for n in range(9)]
        book.write_text("\n".join(["Name,E-mail", *rows, ""]))
        named.append(f"v{victim}@libero.it={book}")
    return named


TOLD = read_case_file(
    {"claimed_provider": {"name": "Libero", "domains": ["libero.it"], "country": "IT"}}, "c"
)


def test_only_counts_enter_the_case(tmp_path: Path) -> None:
    mail, named = heap(tmp_path / "mail"), books(tmp_path)
    result = investigate([mail], tmp_path / "case", case_file=TOLD, contacts=named)
    counts = result.investigation.outside.contacts
    assert counts is not None
    assert (counts.victims, counts.pairs, counts.hits, counts.authors) == (2, 24, 24, 4)
    assert counts.chance < 0.05
    (contacts,) = (one for one in result.investigation.hypotheses if one.key == "contacts")
    answers = {one.key: one.probability for one in contacts.answers}
    assert answers["harvested"] < min(answers[key] for key in answers if key != "harvested")
    bulletin = (tmp_path / "case" / "bulletin.en.md").read_text(encoding="utf-8")
    assert "24 of 24 recipients are contacts of that author" in bulletin
    for path in (tmp_path / "case").rglob("*"):
        if path.is_file():
            assert b"neverhit" not in path.read_bytes(), path
            assert b"secret-book" not in path.read_bytes(), path


def placed(folder: Path) -> list[str]:
    """A file in which the clients of one author lie in Italy."""
    records: dict[str, object] = {
        f"9.{victim}.0.0/16": {"country_code": "IT" if not victim else "KR"} for victim in range(4)
    }
    return [str(write_mmdb(folder / "places.mmdb", records))]


def causes(case: Path) -> bytes:
    return (case / HYPOTHESES).read_bytes()


def test_the_causes_go_out_as_they_were_weighed(tmp_path: Path) -> None:
    mail, case = heap(tmp_path / "mail"), tmp_path / "case"
    investigate([mail], case, case_file=TOLD, contacts=books(tmp_path), places=placed(tmp_path))
    for tlp in ("RED", "CLEAR"):
        result = publish(case, tmp_path / tlp, tlp=tlp)
        assert (result.finds, result.left_out) == ((), ())
        assert causes(tmp_path / tlp) == causes(case)
        text = (tmp_path / tlp / "bulletin.en.md").read_text(encoding="utf-8")
        assert "24 of 24 recipients are contacts of that author" in text
    kept = (case / OUTSIDE).read_text()
    assert not any(secret in kept for secret in ("friend", "never", "9.0.", "@", str(tmp_path)))
    assert read_outside(case).places == PlaceCounts(
        "Libero", "IT", 12, 48, (PlaceData("places.mmdb", "2014-05-13"),), 48
    )


def test_mail_that_is_added_leaves_the_counts_and_says_so(tmp_path: Path) -> None:
    mail, case = heap(tmp_path / "mail"), tmp_path / "case"
    for name in ("3.0.eml", "3.1.eml"):
        (mail / name).rename(tmp_path / name)
    named, lent = books(tmp_path), placed(tmp_path)
    first = investigate([mail], case, case_file=TOLD, contacts=named, places=lent)
    assert first.uncovered == ()
    added = investigate([tmp_path / "3.0.eml"], case)
    assert added.investigation.outside == first.investigation.outside
    assert [one.partition(":")[0] for one in added.uncovered] == ["places", "contacts"]
    assert all("46 of the 47" in one for one in added.uncovered)
    text = (case / "bulletin.it.md").read_text(encoding="utf-8")
    assert text.count("46 dei 47 messaggi") == 2
    assert publish(case, tmp_path / "out", tlp="CLEAR").left_out == ()
    shown = CliRunner().invoke(cli, ["investigate", str(tmp_path / "3.1.eml"), "-o", str(case)])
    assert shown.exit_code == 1
    assert "contacts: counted over 46 of the 48 messages" in shown.stderr
    every = [mail, tmp_path / "3.0.eml", tmp_path / "3.1.eml"]
    again = investigate(every, case, contacts=named, places=lent)
    assert again.uncovered == ()
    whole = investigate(every, tmp_path / "whole", case_file=TOLD, contacts=named, places=lent)
    assert causes(case) == causes(tmp_path / "whole")
    assert whole.investigation.outside == again.investigation.outside


def test_counts_for_another_country_do_not_weigh(tmp_path: Path) -> None:
    mail, case = heap(tmp_path / "mail"), tmp_path / "case"
    investigate([mail], case, case_file=TOLD, places=placed(tmp_path))
    other = TOLD._replace(provider_country="KR")
    result = investigate([mail], case, case_file=other)
    assert [one[:34] for one in result.uncovered] == ["places: counted for Libero in IT an"[:34]]
    (sent,) = (one for one in result.investigation.hypotheses if one.key == "transmission")
    assert {one.key: one.n for one in sent.findings}["origins_at_home"] == 0
    assert investigate([mail], case, case_file=other, replace=True).uncovered == ()
    assert not (case / OUTSIDE).exists()


def test_damaged_counts_are_named(tmp_path: Path) -> None:
    (tmp_path / OUTSIDE).write_text('{"places": {"country": "IT"}, "contacts": null}')
    with pytest.raises(CaseError, match="not the counts"):
        read_outside(tmp_path)


def test_standard_input_cannot_be_read_twice(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_text(VCARD)
    out = str(tmp_path / "case")
    shown = CliRunner().invoke(
        cli, ["investigate", "-", "-o", out, "--contacts", f"{MARIO}={tmp_path / 'a.vcf'}"]
    )
    assert shown.exit_code != 0
    assert isinstance(shown.exception, SettingsError) or "standard input" in shown.output
