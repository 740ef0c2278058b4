"""`examine` and `investigate` judge by recorded DNS answers, keep those they used, and
ask the live DNS only when they are told to."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from firsthop.evidence.dns.store import NOERROR, NXDOMAIN, TIMEOUT, Missing
from firsthop.evidence.timestamp import read_stamp, utc_text
from firsthop.faces.dns_resolver import Asking, LiveStore
from tests.children import run_python

asymmetric = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")

Run = Callable[..., Result]

DATE = "Tue, 05 Mar 2024 10:15:42 +0000"
DAY = read_stamp(DATE).instant or 0
YEARS_LATER = DAY + 900 * 86_400
PRIVATE = asymmetric.Ed25519PrivateKey.from_private_bytes(bytes(32))
KEY = "v=DKIM1; k=ed25519; p=" + base64.b64encode(PRIVATE.public_key().public_bytes_raw()).decode()
KEY_NAME = "s._domainkey.example.com"
RECORDS = {
    (KEY_NAME, "TXT"): KEY,
    ("example.com", "TXT"): "v=spf1 ip4:203.0.113.0/24 -all",
    ("_dmarc.example.com", "TXT"): "v=DMARC1; p=reject",
}
OWN = ("--own", "mx.example.org")
FROM = "from:Jo <jo@example.com>"


def signed(body: bytes = b"hi\r\n") -> bytes:
    """A message that example.com signed and sent by an address its SPF names; the
    canonical forms are written out here, apart from the code under test."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    field = (
        f"dkim-signature:v=1; a=ed25519-sha256; c=relaxed/simple; d=example.com; s=s; h=from; "
        f"bh={digest}; b="
    )
    signature = base64.b64encode(
        PRIVATE.sign(hashlib.sha256(f"{FROM}\r\n{field}".encode()).digest())
    ).decode()
    lines = [
        "Return-Path: <jo@example.com>",
        (
            f"Received: from h.example.com (h.example.com [203.0.113.5]) by mx.example.org "
            f"(Postfix) with ESMTP id 4F2A91C0D3; {DATE}"
        ),
        f"DKIM-Signature:{field.partition(':')[2]}{signature}",
        f"From:{FROM.partition(':')[2]}",
        f"Date: {DATE}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """The signed message as a file."""
    path = tmp_path / "mail.eml"
    path.write_bytes(signed())
    return path


def answers(path: Path, at: int, records: dict[tuple[str, str], str] = RECORDS) -> Path:
    """A file of recorded answers."""
    lines = [
        {"name": name, "type": rtype, "answers": [text], "as_of": utc_text(at)}
        for (name, rtype), text in records.items()
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


class Fake:
    """A resolver that knows RECORDS and counts what it is asked."""

    def __init__(self, rcode: str = NXDOMAIN, known: bool = True) -> None:
        self.asked: list[tuple[str, str]] = []
        self.rcode, self.known = rcode, known

    def resolve(self, name: str, rtype: str) -> tuple[str, tuple[str, ...]]:
        self.asked.append((name, rtype))
        return (
            (NOERROR, (RECORDS[name, rtype],))
            if self.known and (name, rtype) in RECORDS
            else (self.rcode, ())
        )


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """The live DNS of this test."""
    resolver = Fake()
    monkeypatch.setattr("firsthop.faces.dns_resolver.LiveDns", lambda: resolver)
    return resolver


def told(result: Result) -> dict[str, Any]:
    """The one object of a JSON answer."""
    assert result.exit_code == 0, result.stderr
    (line,) = result.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)["authentication"]
    return found


def outcomes(found: dict[str, Any]) -> tuple[str, str, str]:
    """SPF, DKIM and DMARC."""
    return found["spf"]["result"], found["dkim"][0]["outcome"], found["dmarc"]["result"]


def test_recorded_answers_of_the_day_vouch_for_the_author(
    run: Run, mail: Path, tmp_path: Path
) -> None:
    shown = run("examine", "-v", mail, *OWN, "--answers", answers(tmp_path / "a.jsonl", DAY))
    assert (shown.exit_code, shown.stderr) == (0, "")
    block = shown.stdout.partition("vouched for")[2].partition("sender")[0]
    assert "judged at 2024-03-05" in block
    for line in (
        "SPF     pass: ip4:203.0.113.0/24 of example.com decides (DNS of 2024-03-05)",
        "DKIM    pass: d=example.com",
        "DMARC   pass",
    ):
        assert line in block
    assert "sender      authorised" in shown.stdout


def test_without_evidence_nothing_is_said(run: Run, mail: Path) -> None:
    found = told(run("examine", "--json", mail, *OWN))
    assert outcomes(found) == ("not_checkable",) * 3
    assert (found["dkim"][0]["reason"], found["dkim"][0]["body"]) == ("no_key", "matches")


def test_the_dns_of_another_day_does_not_judge(run: Run, mail: Path, tmp_path: Path) -> None:
    later = answers(
        tmp_path / "a.jsonl",
        YEARS_LATER,
        RECORDS | {(KEY_NAME, "TXT"): "v=DKIM1; k=ed25519; p=" + "A" * 43 + "="},
    )
    found = told(run("examine", "--json", mail, *OWN, "--answers", later))
    assert outcomes(found) == ("not_checkable",) * 3
    assert found["dkim"][0]["reason"] == "key_of_another_day"
    assert (found["judged_at"], found["dkim"][0]["as_of"]) == (utc_text(DAY), utc_text(YEARS_LATER))
    shown = run("examine", "-v", mail, *OWN, "--answers", later).stdout
    assert "not checkable: d=example.com: the signature does not fit" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("example.com.zone", ""),
        ("dump", "$ORIGIN com.\nexample IN SOA a b 1 1 1 1 1\n$ORIGIN example.com.\n"),
        ("dump.txt", "$ORIGIN example.com.\n"),
    ],
)
def test_a_zone_file_with_its_day(
    run: Run, mail: Path, tmp_path: Path, name: str, head: str
) -> None:
    zone = tmp_path / name
    zone.write_text(
        f'{head}@ IN TXT "v=spf1 ip4:203.0.113.0/24 -all"\n_dmarc TXT "v=DMARC1; '
        f'p=none"\ns._domainkey TXT "{KEY}"\n'
    )
    for time in ("2024-03-05", "2024-03-05T12:00:00Z", "2024-03-05T12:00:00+01:00"):
        assert (
            outcomes(told(run("examine", "--json", mail, *OWN, "--answers", f"{zone}@{time}")))
            == ("pass",) * 3
        )


@pytest.mark.parametrize(
    ("content", "suffix", "says"),
    [
        ("{nonsense\n", "", ":1: no recorded DNS answer"),
        (
            '{"name": "a.example", "type": "A", "answers": [], "as_of": "2024-03-05T00:00:00Z"}\n',
            "@2024-03-05",
            "times of their own",
        ),
        ("@ TXT x\n", "", "the day it was true"),
        ("@ TXT x\n", "@2024-13-05", "no day"),
        ("$ORIGIN\n", "@2024-03-05", ":1: $ORIGIN names nothing"),
        ("@ TXT (\n", "@2024-03-05", ":1: a parenthesis stays open"),
        (None, "", "No such file"),
    ],
)
def test_evidence_that_cannot_be_read_is_one_line(
    run: Run, mail: Path, tmp_path: Path, content: str | None, suffix: str, says: str
) -> None:
    path = tmp_path / "given"
    if content is not None:
        path.write_text(content)
    shown = run("examine", mail, "--answers", f"{path}{suffix}")
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", 1)
    assert says in shown.stderr


def test_a_file_may_have_a_day_in_its_name(run: Run, mail: Path, tmp_path: Path) -> None:
    assert (
        outcomes(
            told(
                run(
                    "examine",
                    "--json",
                    mail,
                    *OWN,
                    "--answers",
                    answers(tmp_path / "a@2024-03-05", DAY),
                )
            )
        )
        == ("pass",) * 3
    )


def test_no_socket_is_opened_without_the_flag(
    run: Run, mail: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise AssertionError("the network was reached for")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    for args in (
        ("examine", mail),
        ("examine", mail, *OWN, "--answers", answers(tmp_path / "a.jsonl", DAY)),
        ("investigate", mail, "-o", tmp_path / "c"),
    ):
        shown = run(*args)
        assert (shown.exit_code, shown.stderr) == (0, "")


def test_dnspython_is_not_even_loaded_without_the_flag(mail: Path) -> None:
    code = (
        "import sys\nfrom firsthop.faces.cli import cli\ntry: cli.main(['examine', "
        "sys.argv[1]])\nexcept SystemExit: pass\n"
        "print([m for m in sys.modules if m.split('.')[0] == 'dns'])"
    )
    shown = run_python("-c", code, mail).stdout
    assert shown.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["examine", "investigate"])
def test_a_missing_dnspython_is_one_line(
    run: Run, mail: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setitem(sys.modules, "dns.resolver", None)
    out = ("-o", tmp_path / "case") if command == "investigate" else ()
    shown = run(command, mail, "--dns", *out)
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", 1)
    assert "pip install 'firsthop[dns]'" in shown.stderr
    assert not (tmp_path / "case").exists()


def test_a_key_of_today_that_fits_is_proof_for_old_mail(run: Run, mail: Path, fake: Fake) -> None:
    shown = run("examine", "--json", mail, *OWN, "--dns")
    found = told(shown)
    assert outcomes(found) == ("not_checkable", "pass", "not_checkable")
    assert "the mail of 2024-03-05" in found["spf"]["says"]
    assert sorted(fake.asked) == [
        ("_dmarc.example.com", "TXT"),
        ("example.com", "TXT"),
        (KEY_NAME, "TXT"),
    ]
    assert shown.stderr == "firsthop: questions asked of the live DNS: 3\n"


def test_each_question_is_asked_once(run: Run, mail: Path, fake: Fake, tmp_path: Path) -> None:
    (tmp_path / "copy.eml").write_bytes(signed())
    assert run("examine", mail, tmp_path / "copy.eml", *OWN, "--dns", "--quiet").stderr == ""
    assert len(fake.asked) == 3


def test_what_is_recorded_is_not_asked(run: Run, mail: Path, fake: Fake, tmp_path: Path) -> None:
    assert (
        outcomes(
            told(
                run(
                    "examine",
                    "--json",
                    mail,
                    *OWN,
                    "--dns",
                    "--answers",
                    answers(tmp_path / "a.jsonl", DAY),
                )
            )
        )
        == ("pass",) * 3
    )
    assert fake.asked == []


def test_the_limit_is_named(run: Run, mail: Path, fake: Fake) -> None:
    shown = run("examine", "--json", mail, *OWN, "--dns", "--dns-limit", "1", "--quiet")
    assert (told(shown)["dmarc"]["result"], len(fake.asked)) == ("not_checkable", 1)
    assert (
        shown.stderr
        == "firsthop: questions not asked of the live DNS: 2, since the limit is 1 (--dns-limit)\n"
    )
    assert "the limit of 1 look-ups was reached" in shown.stdout


def test_trace_takes_no_dns(run: Run, mail: Path) -> None:
    shown = run("trace", mail, "--dns")
    assert (shown.exit_code, shown.stderr.count("\n")) == (2, 1)
    assert "authentication" not in json.loads(run("trace", "--json", mail).stdout)


def test_what_was_used_is_recorded_and_is_enough(
    run: Run, mail: Path, fake: Fake, tmp_path: Path
) -> None:
    record = tmp_path / "record.jsonl"
    first = told(run("examine", "--json", mail, *OWN, "--dns", "--record", record))
    kept = record.read_bytes()
    assert [json.loads(line)["name"] for line in kept.splitlines()] == [
        "_dmarc.example.com",
        "example.com",
        KEY_NAME,
    ]
    assert told(run("examine", "--json", mail, *OWN, "--answers", record)) == first
    assert told(run("examine", "--json", mail, *OWN, "--record", record, "--dns")) == first
    assert (record.read_bytes(), len(fake.asked)) == (kept, 3)


def test_a_record_that_cannot_be_written_is_said_first(
    run: Run, mail: Path, tmp_path: Path
) -> None:
    shown = run("examine", mail, "--record", tmp_path / "none" / "record.jsonl")
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", 1)


def test_a_case_keeps_the_answers_it_used(run: Run, mail: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    more = RECORDS | {("unused.example", "A"): "192.0.2.1"}
    assert (
        run(
            "investigate",
            mail,
            *OWN,
            "-o",
            case,
            "--answers",
            answers(tmp_path / "a.jsonl", DAY, more),
        ).exit_code
        == 0
    )
    kept = {
        str(path.relative_to(case)): path.read_bytes() for path in case.rglob("*") if path.is_file()
    }
    assert [json.loads(line)["name"] for line in kept["dns.jsonl"].splitlines()] == [
        "_dmarc.example.com",
        "example.com",
        KEY_NAME,
    ]
    assert run("verify", case).exit_code == 0
    assert run("investigate", mail, *OWN, "-o", case).exit_code == 0  # now from the case alone
    assert {
        str(path.relative_to(case)): path.read_bytes() for path in case.rglob("*") if path.is_file()
    } == kept


def test_a_case_without_answers_has_no_such_file(run: Run, mail: Path, tmp_path: Path) -> None:
    assert run("investigate", mail, *OWN, "-o", tmp_path / "case").exit_code == 0
    assert not (tmp_path / "case" / "dns.jsonl").exists()


def test_live_answers_of_a_case_are_kept_and_not_asked_for_again(
    run: Run, mail: Path, fake: Fake, tmp_path: Path
) -> None:
    for expected in (3, 3):
        shown = run("investigate", mail, *OWN, "-o", tmp_path / "case", "--dns")
        assert (shown.exit_code, len(fake.asked)) == (0, expected)
    assert (tmp_path / "case" / "dns.jsonl").read_text().count("live look-up") == 3


def test_changed_answers_of_a_case_are_refused(run: Run, mail: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    assert (
        run(
            "investigate", mail, *OWN, "-o", case, "--answers", answers(tmp_path / "a.jsonl", DAY)
        ).exit_code
        == 0
    )
    (case / "dns.jsonl").write_text((case / "dns.jsonl").read_text().replace("-all", "+all"))
    shown = run("investigate", mail, *OWN, "-o", case)
    assert (shown.exit_code, shown.stderr.count("\n")) == (2, 1)
    assert "dns.jsonl (changed" in shown.stderr
    assert "+all" in (case / "dns.jsonl").read_text()


def test_a_forged_result_is_called_so(run: Run, tmp_path: Path) -> None:
    forged = (
        b"Received: from pc (unknown [192.0.2.9]) by relay.example.net with SMTP; Tue, 05 Mar "
        b"2024 10:15:40 +0000\r\n"
    )
    forged += b"Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=jo@example.com\r\n"
    believed = b"Authentication-Results: mx.example.org; dkim=pass header.d=example.com\r\n"
    path = tmp_path / "forged.eml"
    path.write_bytes(believed + signed().replace(b"From:", forged + b"From:", 1))
    shown = " ".join(run("examine", "-v", path, *OWN).stdout.split())
    assert (
        "mx.example.org: dkim=pass header.d=example.com (Authentication-Results, believed)" in shown
    )
    assert (
        "mx.example.org: spf=pass smtp.mailfrom=jo@example.com (Authentication-Results, "
        "forged: only the sender can have written it)"
    ) in shown


def store(resolver: Fake, now: int, recorded: dict[str, int] | None = None) -> LiveStore:
    from firsthop.evidence.dns.recorded import store_of

    known = [
        store_of({name: {"TXT": ["recorded"]}}, at, "test") for name, at in (recorded or {}).items()
    ]
    held = {asked: found for one in known for asked, found in one.answers.items()}
    return LiveStore(held, live=Asking(resolver, 2_000, lambda: now))


@pytest.mark.parametrize(
    ("recorded", "mail_day", "now", "asks"),
    [
        (DAY, DAY, YEARS_LATER, False),  # of the mail's day
        # of another day, but nearer than today
        (YEARS_LATER, DAY, YEARS_LATER + 900 * 86_400, False),
        (DAY, YEARS_LATER, YEARS_LATER, True),  # today is the mail's day
        (DAY, None, YEARS_LATER, False),  # a mail without a date: today is no nearer
    ],
)
def test_today_is_asked_only_where_it_is_nearer(
    recorded: int, mail_day: int | None, now: int, asks: bool
) -> None:
    resolver = Fake()
    found = store(resolver, now, {"example.com": recorded}).ask("Example.com.", "txt", mail_day)
    assert not isinstance(found, Missing)
    assert (bool(resolver.asked), found.as_of) == (asks, now if asks else recorded)


def test_a_failing_dns_takes_nothing_away() -> None:
    resolver = Fake(TIMEOUT, known=False)
    live = store(resolver, YEARS_LATER, {"example.com": DAY})
    found = live.ask("example.com", "TXT", YEARS_LATER)
    assert not isinstance(found, Missing)
    assert (found.records, live.live.failed) == (("recorded",), 1)


def test_the_public_function_adds_what_vouches() -> None:
    from firsthop import examine, trace
    from firsthop.evidence.dns.recorded import store_of
    from firsthop.mail.read import read_mail
    from firsthop.mail.sources.raw import raw_mail
    from firsthop.settings import Settings, own_servers

    settings = Settings(own_servers(["mx.example.org"]))
    facts = trace(read_mail(raw_mail(signed(), "mail.eml", "eml")), settings)
    assert facts.authentication.spf.result == "not_checkable"
    known = store_of(
        {name: {rtype: [text]} for (name, rtype), text in RECORDS.items()}, DAY, "test"
    )
    judged = examine(facts, settings=settings, store=known)
    assert (judged.facts.authentication.spf.result, judged.verdicts[0].answer) == (
        "pass",
        "authorised",
    )
    assert examine(judged.facts).facts.authentication is judged.facts.authentication
    bare = examine(facts).facts.authentication
    assert bare.spf.result == "not_checkable"
