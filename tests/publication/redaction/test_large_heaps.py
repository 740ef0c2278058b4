"""What a heap of thousands brings: the same bytes read twice, short names that stand in
every number by chance, words that are domains, values that only a finished file shows
to be somebody's. It goes out, and a leak of any kind is still found."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from typing import Any

import pytest

import firsthop.investigation.publish as module
import firsthop.publication.redaction.publication as redaction
from benchmarks.leaks import PLACES, attacks, tried
from firsthop.evidence.people import Person
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.timestamp import Stamp
from firsthop.investigation.investigate import investigate
from firsthop.investigation.publish import prepare, publish, scan
from firsthop.publication.redaction.known import HostSeen, Known, Sources, known_of
from firsthop.publication.redaction.levels import LEVELS
from firsthop.publication.redaction.messages import redacted_hop
from firsthop.publication.redaction.pseudonyms import Pseudonyms
from firsthop.publication.redaction.redactor import Redactor
from firsthop.publication.redaction.scan import view
from firsthop.publication.redaction.scan.lookup import Allowed, Lookup
from firsthop.publication.redaction.scan.scan import scan_file, scan_values
from firsthop.publication.redaction.vocabulary import shared_words
from firsthop.publication.redaction.withholding import values_with_finds
from firsthop.settings import OwnServers
from tests.publication.redaction import mail
from tests.publication.redaction.test_planted import KINDS

VICTIM = "mario.rossi"
SHORT = tuple("abcdefghijklmnopqrstuvwxyz0123456789")
BASE = b"Subject: parcel\nFrom: Shop <office@shop.example.com>\n\nold body\n"


def known(*people: Person, hosts: tuple[HostSeen, ...] = (), tlp: str = "CLEAR") -> Known:
    sources = Sources(people, hosts, OwnServers(), ("/srv/mail/reports",))
    return known_of(sources, LEVELS[tlp], shared_words())


def lookup(*people: Person, hosts: tuple[HostSeen, ...] = ()) -> Lookup:
    return Lookup(known(*people, hosts=hosts), Allowed(frozenset(), frozenset()))


def kinds(text: str, by: Lookup) -> set[str]:
    return {one.kind for one in scan_file("a.json", text.encode(), by)}


@pytest.mark.parametrize("tlp", ["AMBER", "CLEAR"])
def test_repeats_tell_no_path(mail_folder: Path, tmp_path: Path, tlp: str) -> None:
    heap = tmp_path / "home" / "caterina" / "reports"
    shutil.copytree(mail_folder, heap)
    for path in sorted(heap.iterdir()):
        shutil.copy(path, heap / f"again-{path.name}")
    ready = prepare(mail.case_of(heap, tmp_path / "case"), tlp)
    text = ready.files["campaigns.json"].decode()
    assert '"repeats"' in text
    assert ("again-" in text) is LEVELS[tlp].file_names
    assert str(tmp_path) not in text
    assert scan(ready.files, ready.lookup) == ()


def test_no_word_of_a_hop_is_left_as_it_is() -> None:
    texts: dict[str, Any] = dict.fromkeys(Hop._fields, f"by {VICTIM}")
    kept = {"dialect", "kind", "client_name_verified", "client_port", "authenticated", "tls"}
    kept |= {"repairs", "value_lost", "unread", "notes", "stamp", "client_address", "by_address"}
    hop = Hop(**{name: text for name, text in texts.items() if name not in kept})
    hop = hop._replace(stamp=Stamp(f"Mon, 12 May 2025 10:00:00 +0200 ({VICTIM})", 1, 120))
    by = Redactor(known(Person("recipient", f"{VICTIM}@a.example")), Pseudonyms(b"k" * 32))
    assert VICTIM not in str(redacted_hop(hop, by))


def test_a_host_below_an_own_one_tells_it() -> None:
    own = HostSeen("inside.example.org", own=True, claimed=False, network=None)
    by = known(hosts=(own,))
    assert by.is_own("mx.inside.example.org")
    names = {"mx.inside.example.org", "outside.example.org", "org"}
    assert by.own_among(names) == {"mx.inside.example.org"}
    assert not by.is_own("example.org")


def test_chance_is_no_find() -> None:
    everybody = lookup(*(Person("recipient", f"{one}@mail.example.com") for one in SHORT))
    numbers = "\n".join(f'"offset": {n * 7919 + 40_000_000},' for n in range(5_000))
    assert kinds(numbers, everybody) == set()


@pytest.mark.parametrize(
    "address", ["j@mail.example.com", "j@mail.exam", "j@other-place.example.net"]
)
def test_a_short_name_with_its_domain_is_found_in_digits(address: str) -> None:
    by = lookup(Person("recipient", "j@mail.example.com"))
    for digits in (address.encode().hex(), base64.b64encode(f" {address}".encode()).decode()):
        assert kinds(f'"id": "{digits}"', by) == {"recipient"}, digits
    assert kinds(f'"id": "{address[::-1]}"', by) >= ({"recipient"} if "com" in address else set())


def test_what_is_nobodys() -> None:
    by = lookup(
        Person("link", "192.0.2.222"),
        Person("link", "Message-ID"),
        Person("link", "messageId"),
        Person("author", "a@b.example", "200 160"),
        Person("author", "xxxxxxxx@b.example", "xxxx xxxxxxxx"),
        Person("recipient", "abcdefg@c.example"),
    )
    for text in (
        "192.0.2.222",
        "9.96.200.160",
        "a Message-ID",
        "xxxxxxxx",
        "<td>xxxx</td>",
        "abcdefg",
    ):
        assert kinds(text, by) == set(), text
    assert kinds("tel. 335 1234567", lookup(Person("link", "3351234567"))) == set()
    assert kinds("tel. 3351234567", lookup(Person("link", "3351234567"))) == {"link"}


def test_a_word_that_json_goes_on_with_is_another_word() -> None:
    by = lookup(Person("author", "notifica@b.example"))
    assert kinds('"notifica\\u00e7\\u00e3o"', by) == set()
    assert kinds('"notifica\\u0020x"', by) == {"author"}
    assert kinds('"notifica"', by) == {"author"}


def test_two_words_are_somebody_whatever_domains_there_are() -> None:
    met = [HostSeen(name, own=False, claimed=False, network=None) for name in ("mark.it", "a.it")]
    claimed = HostSeen("mario-rossi.it", own=False, claimed=True, network=None)
    by = known(
        Person("recipient", "mb@b.example", "Mark Brown"),
        Person("recipient", "x@brown.com"),
        Person("recipient", "mario.rossi@b.example"),
        Person("author", "office@c.example", "Acme Support"),
        Person("author", "x@acme.com", "Grand Hotel"),
        Person("author", "x@grandhotel.com", "Grand Hotel"),
        hosts=(*met, claimed),
    )
    assert {"markbrown", "mariorossi"} <= by.alone.keys()
    assert not {"acmesupport", "grandhotel"} & by.alone.keys(), "organisations"
    by_name = Redactor(by, Pseudonyms(b"k" * 32))
    assert "mario" not in by_name.host("mario-rossi.it")


def test_each_value_is_searched_by_itself() -> None:
    by = lookup(Person("recipient", "mario.rossi@b.example"))
    guilty = base64.b64encode(b" mario.rossi ").decode()
    values = ["a=", f"b {guilty}", "mario", "rossi", f"c.{guilty}.d", f"{guilty}x="]
    assert scan_values(values, by) <= values_with_finds(values, by)
    assert values_with_finds(values, by) == {values[1], values[4]} | scan_values([values[5]], by)


@pytest.fixture(scope="module")
def encoded_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case whose queue ids are the login of its victims in base64."""
    folder = tmp_path_factory.mktemp("encoded")
    heap = mail.heap(folder / "mail")
    for path in heap.iterdir():
        text = path.read_text(encoding="utf-8")
        hidden = base64.b64encode(f" {VICTIM} ".encode()).decode()
        path.write_text(text.replace("id 9F8E7D6", f"id {hidden}"), encoding="utf-8")
    investigate([heap], folder / "case")
    return folder / "case"


def test_what_only_the_files_show_is_withheld_and_counted(
    encoded_case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought = publish(encoded_case, tmp_path / "sought", tlp="CLEAR")
    monkeypatch.setattr(redaction, "values_with_finds", lambda *_: frozenset())
    traced = publish(encoded_case, tmp_path / "traced", tlp="CLEAR")
    for name, result in (("sought", sought), ("traced", traced)):
        assert result.finds == ()
        assert result.withheld >= 12
        assert "withheld-" in (tmp_path / name / "first_hops.csv").read_text()


def test_a_leak_of_any_kind_that_no_value_explains_stops_it(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = module._files
    lines = [f"{n},{text}" for n, text in enumerate(KINDS.values(), 1)]

    def leaking(*arguments: object, **named: object) -> object:
        yield from former(*arguments, **named)  # type: ignore[arg-type]
        yield "notes.csv", "\n".join(lines).encode()

    monkeypatch.setattr(module, "_files", leaking)
    result = publish(case, tmp_path / "out", tlp="CLEAR")
    assert {one.line for one in result.finds if one.file == "notes.csv"} == {
        n for n, _ in enumerate(lines, 1)
    }
    assert list(tmp_path.iterdir()) == []


def test_a_large_file_is_searched_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "BLOCK", 2_000)
    by = lookup(Person("recipient", "mario.rossi@b.example", "Mario Rossi"))
    rows = [f"row {n}" for n in range(2_000)]
    for place in (100, 399, 400, 1_000, 1_990):
        text = "\n".join([*rows[:place], "Mario", "Rossi", *rows[place:]])
        assert {one.line for one in scan_file("a.md", text.encode(), by)} == {place + 1}


def test_a_find_behind_a_tag_over_lines_has_its_line() -> None:
    by = lookup(Person("recipient", "mario.rossi@b.example"))
    text = "<p\nclass='x'\n>a</p>\n<b>x</b>\nmar<i\n>io.ros</i>si\n"
    assert {one.line for one in scan_file("a.html", text.encode(), by)} == {5}
    text = "x =?utf-8?q?a?=\n =?utf-8?q?b?=\ny\n=6d=61=72=69=6f=2e=72=6f=73=73=69\n"
    assert {one.line for one in scan_file("a.eml", text.encode(), by)} == {4}


def test_letters_that_fold_to_more_do_not_shift_lines() -> None:
    by = lookup(Person("recipient", "mario.rossi@b.example"))
    text = "\n".join([*["ﬃ" * 50] * 40, "mario.rossi", *["\u200b" * 50] * 40, "mario.rossi", "x"])
    finds = scan_file("a.md", text.encode(), by)
    assert {one.line for one in finds} == {41, 82}


@pytest.mark.slow
def test_no_victim_leaks_from_any_place(tmp_path: Path) -> None:
    many = list(attacks(len(PLACES)))
    outcome = tried(many, [BASE] * len(many), "CLEAR", tmp_path)
    assert outcome.publication.finds == ()
    assert outcome.leaks == []
    assert outcome.seen > len(PLACES) // 4, "the case itself names them"
