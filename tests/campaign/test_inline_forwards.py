"""Mail that a reporter forwards within his own text: who reports is no trait of what is
reported."""

from __future__ import annotations

import time
from collections.abc import Iterator
from html import escape

import pytest

from benchmarks.campaigns.in_memory import cluster_in_memory
from benchmarks.campaigns.planted import Plan, write
from firsthop.campaign.background import shipped
from firsthop.campaign.features import MessageFeatures, features_of
from firsthop.evidence.inline_forward import inline_forward
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from tests.campaign.messages import facts_of, values

SIGNATURE = "Best regards,\nCarla Weber\nExample Works, https://www.works.example/legal\n"
DISCLAIMER = (
    "\n\nExample Works GmbH, seat in Example Town, register court Example Town number 4711. "
    "The board of directors meets on Thursdays in the large hall beside the main entrance. "
    "See https://www.works.example/disclaimer for what else our lawyers wish you to read.\n"
)
HEADS = {
    "gmail": "---------- Forwarded message ---------\nFrom: {who}\nDate: {when}\nSubject: {what}\n"
    "To: <carla@works.example>\n\n\n",
    "apple": "Begin forwarded message:\n\nFrom: {who}\nSubject: {what}\nDate: {when}\nTo: C\n\n",
    "outlook": "-----Original Message-----\nFrom: {who}\nSent: {when}\nTo: C\nSubject: {what}\n\n",
    "italian": "________________________\nDa: {who}\nInviato: {when}\nA: C\nOggetto: {what}\n\n",
    "german": "Ursprüngliche Nachricht\nVon: {who}\nGesendet: {when}\nAn: C\nBetreff: {what}\n\n",
    "french": "De : {who}\nEnvoyé : {when}\nÀ : Carla\nObjet : {what}\n\n",
    "spanish": "*De:* {who}\n*Enviado el:* {when}\n*Para:* Carla\n*Asunto:* {what}\n\n",
    "portuguese": "De: {who}\nEnviada em: {when}\nPara: Carla\nAssunto: {what}\n\n",
    "japanese": "差出人: {who}\n送信日時: {when}\n宛先: Carla\n件名: {what}\n\n",
}


def lure(number: int) -> tuple[str, str, str]:
    """Author, Subject and text of one of many different phishings."""
    (data,) = write(Plan(f"lure {number}", 1, frozenset({"body", "url"})), number)
    body = data.decode().partition("\n\n")[2]
    name, host, *what = body.split()[:5]
    return f"{name} <{name}.{number}@{host}.test>", f"{' '.join(what)} qx7", body


def report(
    number: int,
    style: str = "gmail",
    reporter: str = "carla",
    *,
    domain: str = "works.example",
    to: str = "abuse@works.example",
    subject: str = "Fwd: ",
    as_html: bool = False,
    quoted: bool = False,
) -> bytes:
    """A report that forwards a phishing within its text."""
    who, what, body = lure(number)
    forwarded = HEADS[style].format(who=who, when="Mon, 3 Mar 2025 09:00:00 +0100", what=what)
    text = forwarded + body
    if quoted:
        text = "".join(f"> {line}\n" for line in text.split("\n"))
    text = f"please look at this\n\n{SIGNATURE}\n{text}{DISCLAIMER}"
    if as_html:
        lines = "".join(f"<div>{escape(line)}</div>\n" for line in text.split("\n"))
        text = (
            f"<html><style>.x{{color:#112233}}</style><body class='own sign'>{lines}</body></html>"
        )
    head = (
        f"Received: from pc.{domain} (pc.{domain} [192.0.2.33])\n"
        f" by mx.{domain} with ESMTPSA id 7Q; Mon, 03 Mar 2025 10:{number:02}:00 +0100\n"
        f"From: Carla Weber <{reporter}@{domain}>\nTo: <{to}>\nSubject: {subject}{what}\n"
        f"Date: Mon, 03 Mar 2025 10:{number:02}:00 +0100\nX-Mailer: Rare Reader {reporter}\n"
        f"Message-ID: <{number}.Zk3Wq8{reporter}@pc.{domain}>\nMIME-Version: 1.0\n"
        f"Content-Type: text/{'html' if as_html else 'plain'}; charset=utf-8\n\n"
    )
    return (head + text).encode()


def told(data: bytes, uri: str) -> MessageFeatures:
    return features_of(facts_of(data, uri=uri))


def homes(many: list[MessageFeatures]) -> Iterator[str]:
    """The campaigns of a heap's messages."""
    clustering = cluster_in_memory(many, shipped())
    for one in many:
        yield clustering.home(clustering.store.number[one.id], "campaign")


@pytest.mark.parametrize("style", sorted(HEADS))
@pytest.mark.parametrize("form", ["plain", "html", "quoted"])
def test_the_head_is_found_in_many_languages(style: str, form: str) -> None:
    data = report(4, style, as_html=form == "html", quoted=form == "quoted")
    one = told(data, "a.eml")
    name, subject, _ = lure(4)
    assert values(one, "author_address") == {name.partition("<")[2].strip(">")}
    assert values(one, "subject_template") == {subject.replace("qx7", "qx#")}
    views = {f.view for f in one.features if f.family != "author_domain"}
    assert views == {"identity", "content", "url"}
    hosts = values(one, "url_host")
    assert hosts
    assert "www.works.example" not in hosts
    assert not any("weber" in f.value or "please look" in f.value for f in one.features)


@pytest.mark.parametrize("as_html", [False, True])
def test_twenty_phishings_that_one_reporter_forwards_are_no_campaign(as_html: bool) -> None:
    heap = [told(report(n, as_html=as_html), f"{n}") for n in range(20)]
    assert len(set(homes(heap))) == 20


def test_two_reports_of_one_phishing_are_one_campaign() -> None:
    reports = [
        told(report(3, "gmail"), "a"),
        told(report(3, "italian", "ugo", domain="shop.test", to="phishing@shop.test"), "b"),
        *(told(report(n), f"{n}") for n in range(10, 20)),
    ]
    first, second, *others = homes(reports)
    assert first == second
    assert first not in others


@pytest.mark.parametrize(
    "changed",
    [
        {"to": "someone@elsewhere.test"},  # to neither a mailbox for reports nor his own house
        {"to": "ugo@works.example", "subject": ""},  # an answer, or anything else
        {"to": "ugo@gmail.com", "domain": "gmail.com"},  # a provider is no organisation
        {"to": "phishing@pot"},  # a collector's placeholder stands for any recipient
    ],
)
def test_a_forged_head_costs_its_writer_nothing_of_his_traits(changed: dict[str, str]) -> None:
    one = told(report(5, **changed), "a")  # type: ignore[arg-type]
    assert values(one, "mailer")
    assert values(one, "author_address") == {f"carla@{changed.get('domain', 'works.example')}"}


def test_what_comes_from_outside_is_no_report_of_the_own_house() -> None:
    data = report(6, to="ugo@works.example").replace(b"192.0.2.33", b"8.8.4.4")
    outside = data.replace(b"mx.works.example", b"mx1.reader.example")
    assert inline_forward(facts_of(outside)) is None
    assert inline_forward(facts_of(data)) is not None  # nothing is known of the path


ENCLOSED = {
    "message": "Content-Type: message/rfc822\n\n{mail}",
    "file": 'Content-Type: application/octet-stream; name="mail.EML"\n\n{mail}',
    "outlook": "Content-Type: application/vnd.ms-outlook\n\nAAAA",
}


def enclosing(number: int, how: str, to: str = "abuse@works.example", what: str = "Fwd: ") -> bytes:
    """A report that encloses a phishing beside its own text."""
    outer = report(number, to=to, subject=what).decode()
    head = outer.partition("\n\n")[0]
    head = head.replace("Content-Type: text/plain; charset=utf-8", "")
    head += 'Content-Type: multipart/mixed; boundary="7q9x"'
    inner = ENCLOSED[how].format(mail=report(number + 40, to="carla@works.example").decode())
    parts = f"Content-Type: text/plain\n\n{SIGNATURE}{DISCLAIMER}", inner
    return (head + "\n\n" + "".join(f"--7q9x\n{one}\n" for one in parts) + "--7q9x--\n").encode()


@pytest.mark.parametrize("how", sorted(ENCLOSED))
def test_reports_of_one_reporter_are_no_campaign(how: str) -> None:
    reports = [told(enclosing(n, how), f"{n}.eml") for n in range(6)]
    assert len(set(homes(reports))) == len(reports)
    assert [one.features for one in reports] == [()] * len(reports)


@pytest.mark.parametrize("to", ["carla@offices.example", "bob@shop.example"])
def test_who_encloses_a_message_and_reports_to_nobody_keeps_his_traits(to: str) -> None:
    mails = [told(enclosing(n, "message", to, "An offer: "), f"{n}.eml") for n in range(6)]
    assert len(set(homes(mails))) == 1


@pytest.mark.parametrize(
    "piece",
    ["From: a\n", "From:", "> " * 50, "<div>From: a", "*" * 400 + "\n", "a" * 30 + "\n", "Da: "],
)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_hostile_heads_are_read_in_linear_time(piece: str, kind: str) -> None:
    head = f"From: a@b.example\r\nTo: abuse@b.example\r\nContent-Type: text/{kind}\r\n\r\n"
    data = head.encode() + piece.encode() * (400_000 // len(piece))
    facts = facts_of(data)
    started = time.process_time()
    found = inline_forward(facts)
    assert time.process_time() - started < 2
    assert found is None


def test_a_body_that_is_none_is_no_forward() -> None:
    for data in (
        b"",
        b"To: abuse@b.example\r\n\r\n",
        b"To: abuse@b.example\r\nFrom: ,\r\n\r\nFrom:",
    ):
        message = read_mail(raw_mail(data, "a", "eml"))
        assert message is not None
        assert inline_forward(facts_of(data)) is None
