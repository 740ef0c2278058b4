"""Records of an archive say what its rows say, and messages go out of them one by
one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firsthop.campaign.archive.records import FORMS, ArchiveRecords, records_of, records_of_rows
from firsthop.campaign.archive.rows import rows_of
from firsthop.campaign.archive.waiting import Waiting
from firsthop.campaign.features import FAMILIES, Feature, MessageFeatures
from firsthop.mail.message import Span

# what a mail can bring: letters of all sizes, halves of characters, what separates
TEXTS = st.text(st.sampled_from("aB|é€\U0001f600\ud800\0\n"), max_size=5)
SPANS = st.none() | st.builds(Span, st.integers(0, 9), st.integers(0, 1 << 40))
FEATURES = st.builds(Feature, st.sampled_from(sorted(FAMILIES)), TEXTS, st.none() | TEXTS, SPANS)
MESSAGES = st.builds(
    MessageFeatures,
    st.sampled_from(("a" * 64, "b" * 64, "c" * 64)),
    TEXTS,
    st.integers(0, 1 << 40),
    st.none() | TEXTS,
    st.none() | st.integers(-(1 << 40), 1 << 40),
    st.none() | TEXTS,
    st.none() | st.integers(-900, 900),
    st.none() | TEXTS,
    st.lists(FEATURES, max_size=5).map(tuple),
)


def without_halves(value: object) -> object:
    """As a column holds it."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return tuple(map(without_halves, value)) if isinstance(value, list | tuple) else value


@given(st.lists(MESSAGES, max_size=6))
def test_records_are_the_rows(messages: list[MessageFeatures]) -> None:
    rows = list(map(rows_of, messages))
    records = records_of(messages)
    assert records == records_of_rows(rows)
    assert list(map(without_halves, records.rows())) == list(map(without_halves, rows))


@given(st.lists(MESSAGES, max_size=6), st.sets(st.integers(0, 5)))
def test_messages_go_out_of_records(messages: list[MessageFeatures], gone: set[int]) -> None:
    kept = [one for number, one in enumerate(messages) if number not in gone]
    rows = list(map(without_halves, records_of(kept).rows()))
    assert list(map(without_halves, records_of(messages).without(gone).rows())) == rows


@given(st.lists(st.lists(MESSAGES, max_size=4), max_size=4))
def test_of_one_id_the_first_place_waits(chunks: list[list[MessageFeatures]]) -> None:
    waiting, expected = Waiting(), dict[str, MessageFeatures]()

    def is_kept(message: str, place: tuple[str, int]) -> bool:
        former = waiting.place(message)
        return former is None or place < former

    for chunk in chunks:
        waiting.add(records_of(chunk), is_kept)
        for one in chunk:
            former = expected.get(one.id)
            if former is None or (one.uri, one.offset) < (former.uri, former.offset):
                expected[one.id] = one
    assert set(waiting) == set(expected)
    rows = [row for records in waiting.records() for row in records.rows()]
    assert sorted(map(repr, map(without_halves, rows))) == sorted(
        repr(without_halves(rows_of(one))) for one in expected.values()
    )
    waiting.clear()
    assert not waiting
    assert not waiting.records()


def test_the_columns_of_a_record_are_those_of_a_segment() -> None:
    nothing = records_of([])
    assert isinstance(nothing, ArchiveRecords)
    assert nothing.of_messages(3).length == 0
    assert [one.name for one in FORMS["feature"].children][:2] == ["msg", "view"]
