"""Each feature, said to a filter: a message that has it meets the condition."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from pathlib import Path

import pytest

from firsthop import read, trace
from firsthop.campaign.features import features_of
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.relation import RELATIONS
from firsthop.mail.message import Message
from firsthop.publication.exports.rules import patterns
from firsthop.publication.exports.rules.conditions import (
    Condition,
    FieldMatches,
    LinkMatches,
    TextMatches,
    parts,
)
from firsthop.publication.exports.rules.translate import (
    NO_PATH,
    Untranslatable,
    condition_of,
    untranslated,
)
from tests.exports.reference import Seen, meets

SOURCES = ("phishing_pot", "foff_milter", "sa_tdata", "special_wlm", "spam_archive_glitchy")
MESSAGES = 160
VALUES = 60  # of a family
NEEDS_THE_PATH = {"foreign_helo", "helo_is_not_author", "helo_ends_nowhere"}
# what a plain reader of headers does not see: addresses that are not quoted, letters
# that are put together, comments that HTML hides, angle brackets that are no tag's
LEAST = {
    "passage": 0.95,
    "short_text": 0.9,
    "subject_template": 0.95,
    "toolmark": 0.96,
    "relation": 0.96,
}


def _messages(root: Path) -> list[tuple[Seen, frozenset[tuple[str, str]]]]:
    files = [
        path for source in SOURCES for path in sorted((root / source).rglob("*")) if path.is_file()
    ]
    random.Random(11).shuffle(files)
    found = []
    for path in files[:MESSAGES]:
        one = next(iter(read([path])), None)
        if isinstance(one, Message) and one.source.offset == 0 and "!/" not in one.source.uri:
            features = features_of(trace(one)).features
            found.append(
                (Seen(path.read_bytes()), frozenset((f.family, f.value) for f in features))
            )
    return found


def test_who_has_a_feature_meets_its_condition(corpus_messages: Path) -> None:
    messages = _messages(corpus_messages)
    carriers: defaultdict[tuple[str, str], list[Seen]] = defaultdict(list)
    for seen, features in messages:
        for key in features:
            carriers[key].append(seen)
    by_family: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for key in sorted(carriers):
        by_family[key[0]].append(key)
    for family, keys in by_family.items():
        random.Random(1).shuffle(keys)
        met = [
            meets(condition, seen)
            for key in keys[:VALUES]
            if not isinstance(condition := condition_of(*key), Untranslatable)
            for seen in carriers[key]
        ]
        assert sum(met) >= LEAST.get(family, 0.98) * len(met), (family, sum(met), len(met))


def test_a_condition_tells_messages_apart(corpus_messages: Path) -> None:
    messages = _messages(corpus_messages)[:60]
    keys = sorted({key for _, features in messages for key in features})
    narrow = {"author_address", "id_affix", "passage", "url_path", "boundary_affix", "helo"}
    for key in [key for key in keys if key[0] in narrow][:150]:
        condition = condition_of(*key)
        if isinstance(condition, Untranslatable):
            continue
        for seen, features in messages:
            assert key in features or not meets(condition, seen) or key[0] == "helo"


def test_every_family_is_translated_or_says_why_not() -> None:
    assert untranslated() == ()


@pytest.mark.parametrize("key", sorted(RELATIONS))
def test_every_relation_is_translated_or_says_why_not(key: str) -> None:
    condition = condition_of("relation", RELATIONS[key])
    assert (condition == NO_PATH) is (key in NEEDS_THE_PATH)


HOSTILE = (
    'a"b', "a'b", "a/b", "a\\b", "a.*b", "(?i)a", "a]b", "[^a]", "a{9999}", "$(id)", "`id`",
    "%{IP}", "#{x}", "a@b", "${x}", "]]", "--", "/*", "a|b", "^a$", "é", "日本",
    "d256", "w99999", "x" * 200, "a\x00b", "a\nb", "a\rb", "a\x7fb",
)  # fmt: skip
_SUBSET = re.compile(
    r"(?:\\[.\[\]{}()*+?^$|\\1-9]|\[\^?\]?(?:[^\]\\[])*\]|\{[0-9]+(?:,[0-9]*)?\}"
    r"|[^\\\[\]{}])*"
)


def _patterns(condition: Condition) -> list[str]:
    return [
        one.pattern.regex
        for one in parts(condition)
        if isinstance(one, FieldMatches | LinkMatches | TextMatches)
    ]


@pytest.mark.parametrize("family", sorted(FAMILIES))
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_acts_in_no_pattern(family: str, value: str) -> None:
    if family == "zone":
        return
    for value_of_family in (
        value,
        f"{value} @other",
        f"{value}*",
        f"*{value}",
        f"a | {value} @x | b",
    ):
        condition = condition_of(family, value_of_family)
        if isinstance(condition, Untranslatable):
            continue
        for regex in _patterns(condition):
            assert _SUBSET.fullmatch(regex), regex
            assert not re.search(r"[\x00-\x1f\x7f]", regex)
            re.compile(regex)


def test_a_literal_finds_itself_and_nothing_else() -> None:
    for value in HOSTILE:
        core = patterns.literal(value)
        if core is None:
            assert re.search(r"[\x00-\x1f\x7f]", value)
            continue
        assert re.fullmatch(core, value)
        assert not re.fullmatch(core, f"{value}x")
