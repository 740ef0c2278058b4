"""The bulletin reads as a person would write it, whatever the number: one message, two,
three, many; one campaign or none; no date, no hop; mail of several providers and
genuine mail among it. Code spans and tables of digests are left out of the reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.campaigns.planted import Plan, write
from firsthop.campaign.investigation import Investigation
from firsthop.case_file import CaseFile
from firsthop.evidence.providers.provider import PROVIDERS
from firsthop.investigation.investigate import investigate
from firsthop.judgement.checks import CHECKS
from firsthop.publication.bulletin.bulletin import bulletin
from firsthop.publication.bulletin.document import Day, Listed, Period, Quoted, Word
from firsthop.publication.bulletin.render import visible, words
from firsthop.publication.bulletin.summary import summary
from firsthop.publication.formats.markdown import markdown
from firsthop.publication.words import LANGUAGES

ROME = "Europe/Rome"
EXAMPLE = Path(__file__).parents[2] / "examples" / "libero-2014" / "headers.txt"
MONTHS = (
    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
)

BAD = {
    "": (
        r"^(?!\|).*\b1 (?:of|su) 1\b",  # a table may count so
        r"(?<=\S)  ",
        r"\bNone\b(?! of)",
        r"[{}]",
        r" [,.;](?: |$)",
        r"\.\.(?!\.)",
        r"\w_\w",  # the name of a check, of a family, of a key
        r"(?<![\d.,:/#-])[1-9]\d{4,}\b",  # five digits and more without a group
        r"\( | \)",
        r"``",
    ),
    "en": (
        r"\b1 (?:messages|others|inputs|campaigns|lines|servers|hops|groups)\b",
        r"\b(?:on|from|to|at|of) (?:on|from|to|at)\b",
        r"\b[Oo]ne of the (?:1|one)\b",
        r"\b(?:[Aa]ll|None of the) (?:1|one|2|two)\b",
    ),
    "it": (
        r"\b1 (?:messagg|campagn|righ|server|grupp)",
        r"\b(?:di|a|da|su|in) (?:il|gli)\b",
        rf"\b(?:il|dal|al|del) (?:8|11) (?:{MONTHS})",
        rf"\b1 (?:{MONTHS})",
        r"\d\.\d+ %",
        r"\d,\d{3}\b",
        r"\b[Uu]no dei (?:1|uno)\b",
        r"\b[Tt]utti e (?:1|uno|2|due)\b",
        r"\b(?:messages?|unknown|first|from|with)\b",
        r"si tira a indovinare|Danni e riparazioni|Id di coda|id di coda|altra via indiretta",
        r"\bl' |\bdell' |\bun' ",
    ),
}


def mail(number: int, author: str, day: int, received: bool = True, dated: bool = True) -> bytes:
    date = f"{day} May 2014 10:0{number % 10}:00 +0000"
    stamp = date if dated else "sometime"
    line = (
        f"Received: from host{number}.example.com (unknown [192.0.3.{number + 1}])\r\n"
        f"\tby mx.example.net (Postfix) with ESMTPA id AB{number:02}CD34EF;\r\n\t{stamp}\r\n"
        if received
        else ""
    )
    return (
        f"{line}From: User <user{number}@{author}>\r\nTo: someone@example.net\r\n"
        f"Subject: hello {number}\r\nMessage-ID: <{number}.x@{author}>\r\n\r\nbody {number}\r\n"
    ).encode()


HEAPS: dict[str, list[bytes]] = {
    "one": [mail(1, "libero.it", 8)],
    "two": [mail(1, "libero.it", 8), mail(2, "libero.it", 11)],
    "three": [mail(n, "libero.it", 1) for n in range(3)],
    "several providers": [
        mail(n, author, 1 + n)
        for n, author in enumerate(["libero.it", "gmail.com", "aol.com", "gmx.de", "x.example.org"])
    ],
    "no first hop": [mail(1, "libero.it", 8, received=False)],
    "no date": [mail(n, "libero.it", 8, dated=False) for n in range(2)],
    "many": [
        *(data for n in range(4) for data in write(Plan(f"mail-{n}", 6, kind=n % 2), 1)),
        *(mail(n, "gmail.com", 1 + n % 9) for n in range(9)),
    ],
}


def read(heap: list[bytes], folder: Path, case_file: CaseFile) -> Investigation:
    (folder / "mail").mkdir()
    for number, data in enumerate(heap):
        (folder / "mail" / f"{number:03}.eml").write_bytes(data)
    return investigate([folder / "mail"], folder / "case", case_file=case_file).investigation


@pytest.fixture(scope="module", params=list(HEAPS))
def investigation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Investigation:
    return read(HEAPS[request.param], tmp_path_factory.mktemp("heap"), CaseFile())


def prose(text: str) -> Iterator[str]:
    """The lines of a bulletin without code, digests and rules of tables."""
    for line in re.sub(r"(?ms)^(`{3,})\w*$.*?^\1$", "", text).splitlines():
        if not line.startswith("|--") and "firsthop 0" not in line:
            yield re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "Q", line)


def faults(text: str, language: str) -> list[tuple[str, str]]:
    return [
        (pattern, line)
        for line in prose(text)
        for pattern in (*BAD[""], *BAD.get(language, ()))
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_well_for_every_number(investigation: Investigation, language: str) -> None:
    assert faults(markdown(bulletin(investigation), language, "0"), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_reads_as_well(investigation: Investigation, language: str) -> None:
    lines = [
        line
        for line in summary(investigation, language, [])
        if (line.startswith("-") or ". " in line) and "inode" not in line
    ]
    assert faults("\n".join(lines), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_published_excerpt_reads_well(language: str, count: int, tmp_path: Path) -> None:
    """The excerpts of 2014, whose case names a provider, in each number."""
    blocks = EXAMPLE.read_text(encoding="utf-8").split("\nReceived:")[:count]
    case_file = CaseFile(provider="Libero", provider_domains=("libero.it",))
    (tmp_path / "headers.txt").write_text("\nReceived:".join(blocks), encoding="utf-8")
    told = investigate([tmp_path / "headers.txt"], tmp_path / "case", case_file=case_file)
    assert told.messages == count
    assert faults(markdown(bulletin(told.investigation), language, "0"), language) == []


@pytest.mark.parametrize(
    "text",
    [
        "For 1 of 1 messages",
        "dal 8 maggio 2014",
        "1 messages",
        "the check line_shape",
        "due  spazi",
        "a il server",
    ],
)
def test_the_reading_finds_what_is_bad(text: str) -> None:
    assert any(faults(text, language) for language in LANGUAGES)


def test_no_check_is_named_in_prose(investigation: Investigation) -> None:
    names = {check.name for check in CHECKS if "_" in check.name}
    for language in LANGUAGES:
        for line in prose(markdown(bulletin(investigation), language, "0")):
            assert not [name for name in names if name in line]


def noon(day: int, month: int = 5, year: int = 2014) -> int:
    from datetime import UTC, datetime

    return int(datetime(year, month, day, 12, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("first", "last", "english", "italian"),
    [
        (noon(17), noon(30), "from 17 to 30 May 2014", "dal 17 al 30 maggio 2014"),
        (noon(8), noon(11), "from 8 to 11 May 2014", "dall'8 all'11 maggio 2014"),
        (noon(1), noon(1), "on 1 May 2014", "il 1º maggio 2014"),
        (noon(8), noon(8), "on 8 May 2014", "l'8 maggio 2014"),
        (noon(30), noon(1, 6), "from 30 May to 1 June 2014", "dal 30 maggio al 1º giugno 2014"),
        (
            noon(11),
            noon(2, 1, 2015),
            "from 11 May 2014 to 2 January 2015",
            "dall'11 maggio 2014 al 2 gennaio 2015",
        ),
        (None, None, "at an unknown time", "in data ignota"),
    ],
)
def test_a_period_is_as_short_as_it_can_be(
    first: int | None, last: int | None, english: str, italian: str
) -> None:
    period = Period(first, last, ROME)
    assert words(period, "en", visible, visible) == english
    assert words(period, "it", visible, visible) == italian


@pytest.mark.parametrize(
    ("values", "english", "italian"),
    [
        ((), "", ""),
        (("a",), "a", "a"),
        (("a", "b"), "a and b", "a e b"),
        (("a", "b", "c"), "a, b and c", "a, b e c"),
    ],
)
def test_a_list_is_spoken(values: tuple[str, ...], english: str, italian: str) -> None:
    listed = Listed(tuple(map(Quoted, values)))
    assert words(listed, "en", visible, visible) == english
    assert words(listed, "it", visible, visible) == italian


@pytest.mark.parametrize(
    ("n", "total", "english"),
    [
        ("1", "1", "It did not come"),
        ("2", "2", "Neither of them came"),
        ("7", "7", "None of the seven came"),
        ("1", "7", "One of the seven did not come"),
        ("3", "7", "Three of the seven did not come"),
        ("3", "70", "3 of the 70 did not come"),
    ],
)
def test_small_numbers_are_words_together_or_not_at_all(n: str, total: str, english: str) -> None:
    told = words(Word("brief.forged", {"n": n, "total": total}), "en", visible, visible)
    assert told.startswith(english)


def test_a_date_has_its_preposition() -> None:
    since = Word("name.since", {"day": Day(noon(8), ROME)})
    assert words(since, "it", visible, visible) == "dall'8 maggio 2014"
    assert words(Day(None, ROME), "it", visible, visible) == "data ignota"


@pytest.mark.parametrize("hostile", ["{n}", "`", "a`b``c", "{n:word}", "|", "<b>", "\x1b[31m"])
def test_a_hostile_value_stays_a_value(hostile: str) -> None:
    """It is put into a sentence and never read as one."""
    told = words(
        Word("description.author_asserted", {"domain": Quoted(hostile), "source": Quoted("s")}),
        "en",
        lambda text: f"<{len(text)}>",
        visible,
    )
    assert told.startswith(f"That the senders are at <{len(hostile)}> is asserted")


def test_every_provider_may_stand_in_the_sentences() -> None:
    for provider in PROVIDERS.values():
        for n in ("1", "2", "5"):
            values = {"n": n, "total": n, "provider": Quoted(provider.name)}
            for language in LANGUAGES:
                told = words(Word("brief.missed", values), language, visible, visible)
                assert faults(told, language) == [], told
