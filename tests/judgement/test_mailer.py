"""The mailer verdict: four views, their weights, and what must never contradict an
honest message."""

from __future__ import annotations

from pathlib import Path

import pytest

from firsthop.case_file import Asserted, CaseFile
from firsthop.evidence.facts import establish
from firsthop.evidence.mailers.mailer import PROFILES
from firsthop.judgement.checks import (
    mailer_boundary,
    mailer_fields,
    mailer_looks_like,
    mailer_message_id,
    mailer_order,
)
from firsthop.judgement.checks.mailer_looks_like import AT_LEAST, telling
from firsthop.judgement.finding import BaseRate, Finding, Outcome
from firsthop.judgement.mailer_bounds import BoundedRate, at_least, at_most
from firsthop.judgement.rates.mailer_rates import RATES
from firsthop.judgement.verdicts.mailer import CONTRADICTED, REBUILT, mailer_verdict, total
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers

CHECKS = (
    mailer_message_id.CHECK,
    mailer_boundary.CHECK,
    mailer_fields.CHECK,
    mailer_order.CHECK,
    mailer_looks_like.CHECK,
)
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
FORGED = GENUINE.replace(
    "4A1C1F0A2B3D4E5F8A6B7C8D9E0F1A2B@OfficePC", "887234C00BDFF112CECB823FBB584A47@uqez"
).replace("Importance: Normal\n", "")


def look(header: str, case_file: CaseFile | None = None) -> tuple[Finding, ...]:
    facts = establish(read_mail(raw_mail(header.encode() + b"\n", "mail.eml", "eml")), OwnServers())
    return tuple(
        finding for check in CHECKS if (finding := check.look(facts, case_file or CaseFile()))
    )


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
    "message_id",
    [
        "BLU0-SMTP1116609FAC7E0C76123F929F430@phx.gbl",
        "12+abc@yahoogroups.com",
        "E17YOzl-0005M5-00@mail.example.com",
    ],
)
def test_an_id_that_a_relay_made_says_nothing(message_id: str) -> None:
    header = FORGED.replace("887234C00BDFF112CECB823FBB584A47@uqez", message_id)
    assert look(header)[0].message_key == "mailer.message_id_rewritten"
    assert answer(header) == "inconclusive"


THUNDERBIRD = (
    "From: anna@example.com\nMessage-ID: <%s>\nDate: Wed, 21 Aug 2019 10:00:00 "
    "+0200\nMIME-Version: 1.0\n"
    "User-Agent: Mozilla/5.0 (X11; rv:60.0) Gecko/20100101 Icedove/60.8.0\n"
)
CLAWS = (
    "From: anna@example.com\nDate: Wed, 21 Aug 2019 10:00:00 +0200\nMessage-ID: <%s>\n"
    "X-Mailer: Claws Mail 3.17.8 (GTK+ 2.24.32; x86_64-pc-linux-gnu)\n"
)
GIT = (
    "From: anna@example.com\nDate: Wed, 21 Aug 2019 10:00:00 +0200\nMessage-ID: <%s>\nX-Mailer: "
    "git-send-email 2.20.1\n"
)
OUT = (
    "Received: from desk (desk [192.0.2.1]) by out.example.net (Postfix) with ESMTPA id "
    "4NlLx31bVsz4xNd; Wed, 21 Aug 2019 10:00:01 +0200\n"
)


@pytest.mark.parametrize(
    ("header", "message_id"),
    [
        (THUNDERBIRD, "qjiv7l$3bjjc$1@news.example.net"),
        (THUNDERBIRD, "10hab5s$7f2$1@blaine.example.org"),
        (THUNDERBIRD, "anything.at.all@nntp.example.net"),
        ("Newsgroups: comp.mail.misc\n" + THUNDERBIRD, "AbCdE.fG@reader.example.net"),
        ("NNTP-Posting-Host: 192.0.2.7\n" + THUNDERBIRD, "AbCdE.fG@reader.example.net"),
        (THUNDERBIRD, "0123456789abcdef+5bca6b42-eea3-a1eb-9f8f-b37acd9f185e@example.com"),
        (THUNDERBIRD, "DLP_7~5bca6b42-eea3-a1eb-9f8f-b37acd9f185e@example.com"),
        (OUT + CLAWS, "something.else@out.example.net"),
        (OUT + CLAWS, "x-4NlLx31bVsz4xNd-y@other.example.org"),
        (OUT + CLAWS, "something.else@mail.example.net"),
        (CLAWS, "20190821080001.4NlLx31bVsz4xNd@other.example.org"),
        (CLAWS, "20190821080001.EBB3DB1@other.example.org"),
        (CLAWS, "E1i0LUK-0003x5-Aa@other.example.org"),
        (CLAWS, "20190821080001.1234.qmail@other.example.org"),
        (CLAWS, "5d5cf9b1.1c69fb81.4f2c.1234SMTPIN_ADDED_MISSING@mx.google.com"),
        (CLAWS, "a1b2c3.d4e5f6@smtp.example.org"),
        ("X-Google-Original-Message-ID: <1@desk>\n" + CLAWS, "a1b2c3.d4e5f6@other.example.org"),
        (CLAWS, "an id that nobody foresaw@other.example.org"),
        (GIT, "20190703064500.12345-1-anna@example.com"),
        (GIT, "cover.1566374400.git.anna@example.com"),
        (GIT, "20190703-fix-v2-0-0123456789ab@example.com"),
    ],
)
def test_an_id_that_somebody_else_gave_contradicts_nobody(header: str, message_id: str) -> None:
    found = look(header % message_id)
    assert [f.check for f in found if f.outcome is Outcome.CONTRADICTS and f.strength] == []
    assert mailer_verdict(found).answer != "contradicted"


def test_a_younger_id_is_no_reused_one() -> None:
    found = look(GIT % "20290703064500.12345-1-anna@example.com")
    assert dict(found[0].values) == {"mailer": "git send-email"}
    assert found[0].message_key == "mailer.unexplained_id"


def test_an_id_of_another_form_counts_beside_a_second_view() -> None:
    bold = (
        "X-Mailer: Microsoft Outlook Express 6.00.2600.0000\nDate: Thu, 26 Sep 2002 10:00:00 "
        "+0200\n"
    )
    alone = (
        "X-Priority: 3\nX-MSMail-Priority: Normal\nX-MimeOLE: Produced By Microsoft MimeOLE "
        "V6.00.2600.0000\n"
    )
    wrong = "From: a@example.com\nMessage-ID: <K3WS0Q61QXAK7.VXYLNHFLPN@bcsocial.example>\n"
    assert answer(wrong + bold + alone) == "inconclusive"
    assert answer(wrong + bold) == "contradicted"


def test_a_header_that_was_written_anew_does_not_contradict_by_itself() -> None:
    rebuilt = (
        "MIME-Version: 1.0\nX-Mailer: Microsoft Outlook Express 6.00.2600.0000\nDate: Thu, 26 "
        "Sep 2002 10:00:00 +0200\n"
    )
    rebuilt += (
        "Message-ID: <5.6@groups.io>\nX-MSMail-Priority: Normal\nX-Priority: 3\nImportance: "
        "Normal\nContent-Type: multipart/mixed; boundary=gateway\n"
    )
    assert {
        finding.check for finding in look(rebuilt) if finding.outcome is Outcome.CONTRADICTS
    } >= {"mailer_fields"}
    assert answer(rebuilt) == "inconclusive"
    assert REBUILT < -CONTRADICTED


def test_a_list_footer_spoils_the_boundary_only() -> None:
    listed = (
        GENUINE + 'Content-Type: multipart/mixed; boundary="===============4913837320500615190=="\n'
    )
    assert {finding.check: finding.message_key for finding in look(listed)}[
        "mailer_boundary"
    ] == "mailer.boundary_rewritten"
    assert answer(listed) == "consistent"


def test_an_asserted_program_is_measured_by_the_message_id_alone() -> None:
    case_file = CaseFile(
        asserted=(Asserted("x_mailer", "Microsoft Windows Live Mail 16.4.3522.110", "a bulletin"),)
    )
    found = look("Message-ID: <6b2daac63ab3e8955fa9b2ddd3a1b768@mail.example.com>\n", case_file)
    assert found[0].message_key == "mailer.contradicted_looks_like"
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
    alike = look(
        "Message-ID: <270302503.296556.1561220926635@mail.yahoo.com>\nDate: Sat, 22 Jun 2019 "
        "16:28:46 +0000\n"
    )
    assert [(finding.check, finding.outcome) for finding in alike] == [
        ("mailer_looks_like", Outcome.SILENT)
    ]
    assert dict(alike[0].values)["looks_like"].startswith("Yahoo Mail")
    assert look("Message-ID: <anything@example.com>\n") == ()


@pytest.mark.parametrize(
    ("message_id", "author"),
    [
        ("9dW-3f23854844-q@embluemail.com", "ucv.edu.pe"),
        ("9dW-3f23854844-q@ucv.edu.pe", "ucv.edu.pe"),
        ("0NFC0035XKOWHW00@mr21p30im-asmtp004.me.com", "mac.com"),
        ("YSZCmDEedJaJyI0u@service.example.net", "example.com"),
        ("4f2ac701853d4f89a2ff2a2451ba7695@example.com", "example.com"),
        ("17779dfa-2aad-49f1-a412-aa3f66c02c5f@example.com", "example.com"),
        ("20231006113005.7a4004a4ca1ad17f@service.example.net", "example.com"),
        ("0996925213.0268782538@example.com", "example.com"),
        ("D0D563303BEFC102DEDB922E2AF054CE@yxhgq", "example.com"),
    ],
)
def test_it_looks_like_nothing_where_the_form_or_the_host_is_anothers(
    message_id: str, author: str
) -> None:
    header = (
        f"From: a@{author}\nMessage-ID: <{message_id}>\nDate: Wed, 25 Aug 2021 13:16:08 +0000\n"
    )
    assert look(header) == ()


@pytest.mark.parametrize(
    ("message_id", "name"),
    [
        ("YSZCmDEedJaJyI0u@desk", "Mutt"),
        ("20210825131608.GA1234@mail.example.com", "Mutt"),
        ("87mtmvevp7.fsf@desk.local", "Gnus"),
        ("CAMsc0oD4DyzSz9BCetde5VYNNacHAwCzv2sSkO=6zdcgM9UMEQ@mail.gmail.com", "Gmail"),
    ],
)
def test_it_looks_like_a_program_where_form_time_and_host_are_its_own(
    message_id: str, name: str
) -> None:
    header = (
        f"From: a@example.com\nMessage-ID: <{message_id}>\nDate: Wed, 25 Aug 2021 13:16:08 +0000\n"
    )
    (found,) = look(header)
    assert dict(found.values)["looks_like"].startswith(name)


def test_a_resemblance_is_worth_what_its_count_can_show() -> None:
    never = BoundedRate("mailer_looks", (258, 261), (0, 2150))
    assert at_most((0, 2150)) == pytest.approx(3 / 2150)
    assert at_least((258, 261)) < 258 / 261
    assert never.bits < BaseRate("mailer_looks", never.holds, never.fails).bits - 2
    assert BoundedRate("mailer_looks", (3, 3), (0, 20)).bits < AT_LEAST
    assert (at_most((0, 0)), at_most((5, 5)), at_least((0, 0))) == pytest.approx((1.0, 1.0, 0.5))
    for key, rate in RATES.items():
        if key[1] == "looks":
            assert BoundedRate(rate.corpus, rate.holds, rate.fails).bits <= rate.bits
    told = telling({("mutt", "looks"): BaseRate("x", (258, 261), (11, 2150))})
    assert told == ()  # 1 in 195 messages of others


def test_two_views_of_a_rebuilt_header_weigh_no_more_than_their_cap() -> None:
    strong = BaseRate("wlm", (0, 1000), (1000, 1000))
    assert (
        total({"mailer_fields": strong, "mailer_order": strong, "mailer_boundary": strong})
        == -REBUILT
    )
    assert total({"mailer_message_id": strong}) == -8.0
    assert total({"mailer_message_id": None}) == 0.0


def test_every_count_is_of_a_known_mark_and_possible() -> None:
    marks = {
        (p.key, f"lacks.{mark.name}")
        for p in PROFILES.values()
        for view in p.marks.values()
        for mark in view
    }
    marks |= {(p.key, f"meets.{view}") for p in PROFILES.values() for view in p.marks} | {
        (key, "looks") for key in PROFILES
    }
    assert RATES.keys() <= marks, "run python -m benchmarks.mailers"
    for rate in RATES.values():
        assert rate.corpus in CORPORA
        assert all(0 <= k <= n for k, n in (rate.holds, rate.fails))


def test_labelled_messages_of_the_corpora(corpora: Path, corpus_messages: Path) -> None:
    truth = dict(
        line.split("\t")[:2]
        for line in (corpus_messages / "TRUTH_wlm.tsv").read_text().splitlines()
        if line
    )
    answers = {
        path.name: answer_of_file(path) for path in (corpus_messages / "special_wlm").rglob("*.eml")
    }
    assert [
        name
        for name, label in truth.items()
        if label == "genuine" and answers.get(name) == "contradicted"
    ] == []
    assert (
        sum(
            answers.get(name) == "contradicted"
            for name, label in truth.items()
            if label == "forged"
        )
        >= 24
    )
    wave = {path.name: answer_of_file(path) for path in (corpora / "wave-2014").glob("*.hdr.eml")}
    assert {answer for name, answer in wave.items() if name.startswith("fake")} == {"contradicted"}
    assert {answer for name, answer in wave.items() if name.startswith("genuine")} <= {
        "inconclusive",
        "consistent",
    }


def answer_of_file(path: Path) -> str:
    facts = establish(read_mail(raw_mail(path.read_bytes(), path.name, "eml")), OwnServers())
    return mailer_verdict(
        tuple(finding for check in CHECKS if (finding := check.look(facts, CaseFile())))
    ).answer
