"""Quick ways of the features beside the plain ones that they stand for."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from firsthop.campaign.features import _dmarc_passed
from firsthop.campaign.features.links import read_links
from firsthop.campaign.features.shapes import pattern, repetition, repetition_and_pattern, shape
from firsthop.campaign.features.software import _BOUNDARY, _CHARSET, _read_type
from firsthop.evidence.sender_part import _MOST_NAMES, _Senders
from firsthop.mail.field_names import may_be_senders

_PIECES = ("ab", "ABC1", "0f3e", "1234", "deed", "NextPart", "small", "x", ".", "-", "*", "é", "²")
_UPPER, _LOWER = "0123456789ABCDEF", "0123456789abcdef"


def _texts(*pieces: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=12).map("".join)


def _class(token: str, upper: bool, lower: bool) -> str:
    size = len(token)
    if not token[0].isalnum():
        return token
    if size >= 4:
        if upper and not token.strip(_UPPER):
            return f"H{size}"
        if lower and not token.strip(_LOWER):
            return f"h{size}"
    if token.isdigit():
        return f"d{size}"
    if token.isalpha() and size <= 10 and not (token.islower() and size > 6):
        return token
    return f"w{size}"


@given(_texts(*_PIECES))
def test_a_shape_is_that_of_its_tokens(text: str) -> None:
    pieces = re.split(r"([A-Za-z0-9]+|[^\x00-\x7f])", text[:256])
    long = [token for token in pieces[1::2] if len(token) >= 4]
    upper = any(not one.strip(_UPPER) and not one.isdigit() for one in long)
    lower = any(not one.strip(_LOWER) and one.strip(_UPPER) and not one.isalpha() for one in long)
    pieces[1::2] = [_class(token, upper, lower) for token in pieces[1::2]]
    assert shape(text) == "".join(pieces)[:64]


@given(_texts(*_PIECES, "a" * 60))
def test_repetition_and_pattern_are_looked_for_at_once(text: str) -> None:
    assert repetition_and_pattern(text) == (repetition(text), pattern(text))


@given(_texts("dmarc", "DMARC", "=", " ", "pass", "Pa\u017f\u017f", "none", ";", "x", "_", "é"))
def test_a_dmarc_result_is_found_however_it_is_written(value: str) -> None:
    plain = re.search(r"\bdmarc\s*=\s*pass\b", value, re.IGNORECASE)
    assert _dmarc_passed(value) == (plain is not None)


@given(_texts("boundary", "Boundary", "CHARSET", "char\u017fet", "=", '"', "a", ";", " ", "é"))
def test_what_a_content_type_names_is_found_however_it_is_written(value: str) -> None:
    boundary, charset = _BOUNDARY.search(value), _CHARSET.search(value)
    assert _read_type(value) == (
        (boundary[1] or boundary[2] or "") if boundary else "",
        charset[1].lower() if charset else None,
    )


def test_of_few_names_it_is_kept_whose_they_may_be() -> None:
    names = _Senders()
    for number in range(3 * _MOST_NAMES):
        assert names[f"X-{number}"]
        assert len(names) <= _MOST_NAMES
    long = "X-" + 1_000 * "a"
    assert names[long]
    assert long not in names
    assert not names[""]
    assert names["Received"] == may_be_senders("received")


def test_links_to_the_pages_of_a_list_are_its_own() -> None:
    own, other = "https://lists.example.org/mailman/listinfo/a", "https://x.example.net/groups/b"
    user = "HTTPS://jo@example.com/"
    links = read_links([own, other, user], frozenset({"example.org"}))
    assert [link.host.name for link in links.named] == ["x.example.net", "example.com"]
    assert links.name_user
    assert not read_links([own]).name_user
    assert len(read_links([own, other]).named) == 2
