"""The native kernel finds the passages that Python finds, or says nothing: in texts of
the corpora, in made-up ones, and for every character."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.campaign.features import content
from firsthop.campaign.features.content import passages, passages_in_python
from firsthop.evidence.bulk.native.library import library
from firsthop.evidence.bulk.native.texts import native_passages
from firsthop.evidence.content import read_content
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail

LIMITS = (content.WORDS, content.FEWEST, content.RUN, content.PASSAGES)
ALL = (600, 1, 1, 600)  # limits that leave every word a passage
SURROGATES = range(0xD800, 0xE000)
# what is a blank, a digit, a letter of two cases or of a longer small one, or looks so
ODD = "\x1c\x85\xa0\u2028\u3000\u180e\u200b\u0661\uff11\U0001d7d8²①ⅧſKİΣςßẞǅЖéÄ一\0\ud800"
WORDS = st.text(st.sampled_from("aB1 \n" + ODD), max_size=4)


@pytest.fixture(scope="module")
def native() -> None:
    """Skips where there is no kernel."""
    if library() is None:
        pytest.skip("no native kernel was built")


@pytest.mark.usefixtures("native")
def test_texts_of_the_corpora(corpus_messages: Path) -> None:
    files = sorted(file for file in corpus_messages.glob("*/*/*") if file.is_file())[::16]
    mails = [read_mail(raw_mail(file.read_bytes(), "a.eml", "eml")) for file in files]
    handed_over = 0
    for text in [read_content(mail).text for mail in mails]:
        found = native_passages(text, LIMITS)
        handed_over += found is None
        assert found in (None, passages_in_python(text))
    assert handed_over < len(files) / 30


@pytest.mark.usefixtures("native")
@given(st.lists(WORDS, max_size=60))
def test_made_up_texts(words: list[str]) -> None:
    text = " ".join(words)
    assert passages(text) == passages_in_python(text)


@pytest.mark.usefixtures("native")
@pytest.mark.parametrize("behind", ["", "aA"], ids=["alone", "in a word"])
def test_every_character(behind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, limit in zip(("WORDS", "FEWEST", "RUN", "PASSAGES"), ALL, strict=True):
        monkeypatch.setattr(content, name, limit)
    every = [code for code in range(0x110000) if code not in SURROGATES]
    sure = 0
    for start in range(0, len(every), 256):
        text = " ".join(chr(code) + behind for code in every[start : start + 256])
        found = native_passages(text, ALL)
        sure += found is not None
        assert found in (None, passages_in_python(text))
    assert sure > 100


@pytest.mark.usefixtures("native")
def test_nothing_is_said_of_half_a_character() -> None:
    assert native_passages("\ud800", LIMITS) is None


def test_without_a_kernel_python_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTHOP_KERNEL", "off")
    library.cache_clear()
    try:
        assert native_passages("a", LIMITS) is None
        text = "word " * content.FEWEST
        assert passages(text) == passages_in_python(text) != []
    finally:
        library.cache_clear()
