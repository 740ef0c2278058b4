"""Pictures and header excerpts of what may go out: made from redacted objects, and
searched like every other text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from firsthop.campaign.examples import Example
from firsthop.investigation import publish as module
from firsthop.investigation.examples import FILE
from firsthop.investigation.publish import Prepared, prepare, publish
from firsthop.publication.redaction.levels import LEVELS
from firsthop.publication.redaction.publication import Redacted, redacted
from tests.publication.redaction import mail


def page(ready: Prepared, name: str = "bulletin.en.md") -> str:
    return ready.files[name].decode().replace("[.]", ".").replace("[@]", "@")


def test_the_ladder_and_the_excerpt_go_out_redacted(clear: Prepared) -> None:
    text = page(clear)
    assert "## Paths" in text
    assert re.search(r"`own-\w{8}\.invalid`: accepted from `203\.0\.113\.\d+`", text)
    assert re.search(r"HELO `host-\w{8}\.invalid`", text)
    excerpt = text[text.index("## Header excerpts") :]
    assert re.search(r"by own-\w{8}\.invalid \(Postfix\) with ESMTPS", excerpt)
    assert re.search(r"for <user-\w{8}@posta-interna\.example\.org>", excerpt)
    assert re.search(r"Authenticated sender: user-\w{8}@relay-di-terzi\.example\.com", excerpt)
    person = re.search(r"From: … <(user-\w{8})@libero\.it>", excerpt)
    assert person is not None
    assert f"Subject: {person[1]}\n" in excerpt, "the relation stays visible"
    assert re.search(rf"Message-ID: <20250512\.\d+\.{person[1]}@host-\w{{8}}\.invalid>", excerpt)
    assert "X-Mailer: Groovy Mailer 3.1" in excerpt
    assert "message/" in excerpt


def test_pictures_hold_nothing_that_must_not_go_out(clear: Prepared) -> None:
    told = re.findall(r"<svg.*?</svg>", clear.files["bulletin.it.html"].decode(), re.DOTALL)
    assert len(told) == 3, "timeline, ladder, relations"
    for one in told:
        for name in (mail.OWN, mail.MACHINE, mail.LOGIN, "anna.bianchi", "mario.rossi"):
            assert name.lower() not in one.lower()
    assert any("own-" in one for one in told)


def test_a_subject_in_words_is_shown_only_where_texts_are(
    mail_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    for one in mail_folder.iterdir():
        text = re.sub(r"(?m)^Subject: .*$", "Subject: Una parola segreta", one.read_text())
        text = text.replace("X-Mailer:", "X-Secret: segreta parola\nX-Mailer:")
        (folder / one.name).write_text(text)
    case = mail.case_of(folder, tmp_path / "case")
    for level in LEVELS.values():
        ready = prepare(case, level.tlp)
        excerpt = page(ready)[page(ready).index("## Header excerpts") :]
        assert ("Una parola segreta" in excerpt) is level.texts, level.tlp
        assert module.scan(ready.files, ready.lookup) == ()


@pytest.mark.parametrize("where", ["ladder", "excerpt"])
def test_an_own_host_planted_into_a_picture_stops_the_publication(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:

    def planting(*arguments: object) -> Redacted:
        made = redacted(*arguments)  # type: ignore[arg-type]
        shown = tuple(map(planted, made.investigation.examples))
        return replace(made, investigation=replace(made.investigation, examples=shown))

    def planted(one: Example) -> Example:
        if where == "excerpt":
            line = one.header[-1]._replace(name="X-Mailer", text=f"X-Mailer: {mail.OWN}\n")
            return replace(one, header=(line,))
        rung = one.rungs[0]._replace(hop=one.rungs[0].hop._replace(by=mail.OWN))
        return replace(one, rungs=(rung, *one.rungs[1:]))

    monkeypatch.setattr(module, "redacted", planting)
    result = publish(case, tmp_path / "out", tlp="CLEAR")
    assert {one.file for one in result.finds} >= {"bulletin.en.md", "bulletin.it.html"}
    assert not (tmp_path / "out").exists()


def test_a_case_without_the_fields_says_that_they_are_gone(
    mail_folder: Path, tmp_path: Path
) -> None:
    case = mail.case_of(mail_folder, tmp_path / "case")
    (case / FILE).unlink()
    text = page(prepare(case, "CLEAR"))
    assert "cannot be shown: the case does not hold it" in text
    assert "## Paths" not in text


def test_mail_that_is_gone_is_shown_from_the_case(mail_folder: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "mail"
    shutil.copytree(mail_folder, folder)
    case = mail.case_of(folder, tmp_path / "case")
    before = prepare(case, "CLEAR").files
    shutil.rmtree(folder)
    assert prepare(case, "CLEAR").files == before
