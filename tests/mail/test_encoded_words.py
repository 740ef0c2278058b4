"""Encoded words: decoded where they can be, left as written where not, in time that
grows with the text and no faster."""

from __future__ import annotations

import time
from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.mail.encoded_words import decode_words
from firsthop.mail.mime import file_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=?utf-8?q?Caff=C3=A8_nero?=", "Caffè nero"),
        ("=?ISO-8859-1?Q?Caff=E8?= nero", "Caffè nero"),
        ("=?utf-8?b?Q2FmZsOo?=", "Caffè"),
        ("=?utf-8?b?Q2FmZsOo", "=?utf-8?b?Q2FmZsOo"),
        ("=?utf-8?B?Q2FmZsO?=", "Caff\\xc3"),  # the padding is forgotten, and a byte is lost
        ("=?utf-8?q?a?= =?utf-8?q?b?= c", "ab c"),  # RFC 2047 section 6.2
        ("=?utf-8?q?=C3?= =?utf-8?q?=A8?=", "è"),  # a character cut in two
        ("=?utf-8?q?a?= =?iso-8859-1?q?=E8?=", "aè"),
        ("=?utf-8?q?a?= and =?utf-8?q?b?=", "a and b"),
        ("(=?utf-8?q?a?=)", "(a)"),
        ("è =?utf-8?q?=C3=A8?=", "è è"),  # raw text beside a word
        ("=?utf-8*it?q?=C3=A8?=", "è"),  # RFC 2231 section 5
        ("=?utf-8?q?what?_yes?=", "what? yes"),
        ("=?utf-8?q?a=zz=?=", "a=zz="),
        ("=?utf-8?b?*?=", "=?utf-8?b?*?="),
        ("=?koi8-r?b?8NLJ18XU?=", "Привет"),
        ("=?gb2312?b?xOO6ww==?=", "你好"),
        ("=?x-unknown?q?=C3=A8?=", "è"),
        ("=?é?q?=C3=A8?=", "è"),
        ("=?punycode?q?caf-dma?=", "caf-dma"),
        ("=?idna?q?a?= =?hex?q?61?= =?unicode-escape?q?=5Cx41?=", "a61\\x41"),
        ("a?b=c", "a?b=c"),
        ("", ""),
    ],
)
def test_decodes(text: str, expected: str) -> None:
    assert decode_words(text) == expected


@given(
    st.text(
        alphabet=st.characters(
            min_codepoint=0x20, max_codepoint=0x24F, exclude_categories=["Cc", "Zs"]
        ),
        max_size=80,
    ).map(str.strip),
    st.sampled_from(["utf-8", "utf-16", "utf-7"]),
)
def test_round_trip(text: str, charset: str) -> None:
    written = " ".join(Header(text, charset).encode().split()) if text else ""
    if "=?" in written and "=?" not in text:
        assert decode_words(written) == text


@given(
    st.lists(
        st.sampled_from(
            [
                "=?",
                "?=",
                "utf-8",
                "?q?",
                "?b?",
                "=C3",
                "=A8",
                "QQ==",
                " ",
                "?",
                "=",
                "a",
                "è",
                "\x1c",
                "\ud800",
                "big5",
                "\0",
            ]
        ),
        max_size=24,
    ).map("".join)
)
def test_any_text_reads(text: str) -> None:
    decode_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "=?a?q?x" * 100_000,
        "=?a?q?x?= " * 100_000,
        "=?a?q?x" * 100_000 + "?=",
        "=?" * 400_000 + "?=",
        "=?utf-8?q?=" + "=" * 900_000 + "?=",
    ],
)
def test_linear(text: str) -> None:
    start = time.process_time()
    decode_words(text)
    assert time.process_time() - start < 2


def test_a_file_name_in_no_charset() -> None:
    assert (
        file_name('Content-Disposition: attachment; filename="=?é?q?a.eml?="'.encode()) == "a.eml"
    )
