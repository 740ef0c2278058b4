"""The mailer verdict: four views, their weights, and what must never contradict an honest message."""

from __future__ import annotations

from pathlib import Path

import pytest

from firsthop.evidence.facts import establish
from firsthop.evidence.mailer import PROFILES
from firsthop.judgement.brief import Asserted, Brief
from firsthop.judgement.checks import mailer_boundary, mailer_fields, mailer_looks_like, mailer_message_id, mailer_order
from firsthop.judgement.finding import BaseRate, Finding, Outcome
from firsthop.judgement.mailer_answer import CONTRADICTED, REBUILT, mailer_verdict, total
from firsthop.judgement.mailer_rates import RATES
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers

CHECKS = (mailer_message_id.CHECK, mailer_boundary.CHECK, mailer_fields.CHECK, mailer_order.CHECK, mailer_looks_like.CHECK)
CORPORA = {"wlm", "mailer_spam", "mailer_spam_pooled", "mailer_looks"}

GENUINE = """\
Message-ID: <4A1C1F0A2B3D4E5F8A6B7C8D9E0F1A2B@OfficePC>
From: anna@example.com
Date: Fri, 2 May 2014 10:00:00 +0200
X-Priority: 3
X-MSMail-Priority: Normal
Importance: Normal
X-Mailer: Microsoft Windows Live Mail 16.4.3522.110
X-MimeOLE: Produced By Microsoft MimeOLE V16.4.3522.110
"""
FORGED = GENUINE.replace("4A1C1F0A2B3D4E5F8A6B7C8D9E0F1A2B@OfficePC", "887234C00BDFF112CECB823FBB584A47@uqez").replace("Importance: Normal\n", "")


def look(header: str, brief: Brief | None = None) -> tuple[Finding, ...]:
    facts = establish(read_mail(raw_mail(header.encode() + b"\n", "mail.eml", "eml")), OwnServers())
    return tuple(finding for check in CHECKS if (finding := check.look(facts, brief or Brief())))


def answer(header: str) -> str:
    return mailer_verdict(look(header)).answer


def test_a_genuine_message_is_consistent() -> None:
    assert answer(GENUINE) == "consistent"


def test_a_forged_one_is_contradicted_by_bits_and_a_missing_field() -> None:
    found = {finding.check: finding for finding in look(FORGED)}
    assert dict(found["mailer_message_id"].values)["marks"] == "uuid_version_4"
    assert dict(found["mailer_fields"].values)["marks"] == "has_importance"
    assert answer(FORGED) == "contradicted"


@pytest.mark.parametrize(
    "message_id", ["BLU0-SMTP1116609FAC7E0C76123F929F430@phx.gbl", "12+abc@yahoogroups.com", "E17YOzl-0005M5-00@mail.example.com"]
)
def test_an_id_that_a_relay_made_says_nothing(message_id: str) -> None:
    header = FORGED.replace("887234C00BDFF112CECB823FBB584A47@uqez", message_id)
    assert look(header)[0].says == "mailer.message_id_rewritten"
    assert answer(header) == "inconclusive"


def test_a_header_that_was_written_anew_does_not_contradict_by_itself() -> None:
    rebuilt = "MIME-Version: 1.0\nX-Mailer: Microsoft Outlook Express 6.00.2600.0000\nDate: Thu, 26 Sep 2002 10:00:00 +0200\n"
    rebuilt += (
        "Message-ID: <5.6@groups.io>\nX-MSMail-Priority: Normal\nX-Priority: 3\nImportance: Normal\nContent-Type: multipart/mixed; boundary=gateway\n"
    )
    assert {finding.check for finding in look(rebuilt) if finding.outcome is Outcome.CONTRADICTS} >= {"mailer_fields"}
    assert answer(rebuilt) == "inconclusive"
    assert REBUILT < -CONTRADICTED


def test_a_list_footer_spoils_the_boundary_only() -> None:
    listed = GENUINE + 'Content-Type: multipart/mixed; boundary="===============4913837320500615190=="\n'
    assert {finding.check: finding.says for finding in look(listed)}["mailer_boundary"] == "mailer.boundary_rewritten"
    assert answer(listed) == "consistent"


def test_an_asserted_program_is_measured_by_the_message_id_alone() -> None:
    brief = Brief(asserted=(Asserted("x_mailer", "Microsoft Windows Live Mail 16.4.3522.110", "a bulletin"),))
    found = look("Message-ID: <6b2daac63ab3e8955fa9b2ddd3a1b768@mail.example.com>\n", brief)
    assert found[0].says == "mailer.contradicted_looks_like"
    assert dict(found[0].values) == {
        "mailer": "Windows Live Mail",
        "marks": "hex32_upper,uuid_version_4,dotless_host",
        "looks_like": PROFILES["php_mailers"].name,
        "message_id": "6b2daac63ab3e8955fa9b2ddd3a1b768@mail.example.com",
    }
    assert {finding.check for finding in found} == {"mailer_message_id", "mailer_looks_like"}
    assert mailer_verdict(found).answer == "contradicted"


def test_an_unknown_program_is_inconclusive() -> None:
    assert answer("Message-ID: <1@example.com>\nX-Mailer: Hand Press 1\n") == "inconclusive"
    assert mailer_verdict(()).answer == "inconclusive"


def test_what_a_message_looks_like_without_a_name() -> None:
    alike = look("Message-ID: <270302503.296556.1561220926635@mail.yahoo.com>\nDate: Sat, 22 Jun 2019 16:28:46 +0000\n")
    assert [(finding.check, finding.outcome) for finding in alike] == [("mailer_looks_like", Outcome.SILENT)]
    assert dict(alike[0].values)["looks_like"].startswith("Yahoo Mail")
    assert look("Message-ID: <anything@example.com>\n") == ()


def test_two_views_of_a_rebuilt_header_weigh_no_more_than_their_cap() -> None:
    strong = BaseRate("wlm", (0, 1000), (1000, 1000))
    assert total({"mailer_fields": strong, "mailer_order": strong, "mailer_boundary": strong}) == -REBUILT
    assert total({"mailer_message_id": strong}) == -8.0
    assert total({"mailer_message_id": None}) == 0.0


def test_every_count_is_of_a_known_mark_and_possible() -> None:
    marks = {(p.key, f"lacks.{mark.name}") for p in PROFILES.values() for view in p.marks.values() for mark in view}
    marks |= {(p.key, f"meets.{view}") for p in PROFILES.values() for view in p.marks} | {(key, "looks") for key in PROFILES}
    assert RATES.keys() <= marks, "run python -m benchmarks.mailers"
    for rate in RATES.values():
        assert rate.corpus in CORPORA
        assert all(0 <= k <= n for k, n in (rate.holds, rate.fails))


def test_labelled_messages_of_the_corpora(corpora: Path, corpus_messages: Path) -> None:
    truth = dict(line.split("\t")[:2] for line in (corpus_messages / "TRUTH_wlm.tsv").read_text().splitlines() if line)
    answers = {path.name: answer_of_file(path) for path in (corpus_messages / "special_wlm").rglob("*.eml")}
    assert [name for name, label in truth.items() if label == "genuine" and answers.get(name) == "contradicted"] == []
    assert sum(answers.get(name) == "contradicted" for name, label in truth.items() if label == "forged") >= 24
    wave = {path.name: answer_of_file(path) for path in (corpora / "wave-2014").glob("*.hdr.eml")}
    assert {answer for name, answer in wave.items() if name.startswith("fake")} == {"contradicted"}
    assert {answer for name, answer in wave.items() if name.startswith("genuine")} <= {"inconclusive", "consistent"}


def answer_of_file(path: Path) -> str:
    facts = establish(read_mail(raw_mail(path.read_bytes(), path.name, "eml")), OwnServers())
    return mailer_verdict(tuple(finding for check in CHECKS if (finding := check.look(facts, Brief())))).answer
