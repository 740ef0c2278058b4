"""Two languages, one set of keys; every key is used by nobody's accident: placeholders
agree and values fill them."""

import re
from pathlib import Path

import pytest

from firsthop.errors import TableError
from firsthop.evidence.identity.domain_kind import DomainKind
from firsthop.judgement.checks.indirect_way import DECISIVE
from firsthop.publication.words import LANGUAGES, WORDS, placeholders, say, template

PUBLICATION = Path(__file__).parents[2] / "firsthop" / "publication"


def forms(text: object) -> list[str]:
    return list(text.values()) if isinstance(text, dict) else [str(text)]


def test_there_are_two() -> None:
    assert LANGUAGES == ("en", "it")


def test_the_same_keys_and_placeholders() -> None:
    assert set(WORDS["en"]) == set(WORDS["it"])
    for key, text in WORDS["en"].items():
        names = {frozenset(placeholders(form)) for form in forms(text) + forms(WORDS["it"][key])}
        assert len(names) == 1, key


def test_no_text_is_left_in_the_other_language() -> None:
    same = [
        k
        for k, v in WORDS["en"].items()
        if v == WORDS["it"][k] and len(str(v).split()) > 2 and "{" not in str(v)
    ]
    assert same == []


def test_one_and_other() -> None:
    assert say("it", "overview.messages", {"n": "1"}) == "Il caso contiene 1 messaggio."
    assert say("en", "overview.messages", {"n": "7"}) == "The case holds 7 messages."


def test_a_missing_key_names_file_and_key() -> None:
    with pytest.raises(TableError, match=r"words/it\.toml: key 'no\.such'"):
        template("it", "no.such")


def test_every_mend_and_every_lost_value_has_a_word() -> None:
    from firsthop.evidence.received.line import EATEN
    from firsthop.mail.damage import REPAIRS

    for language in LANGUAGES:
        assert {f"repair.{name}" for name in REPAIRS} <= set(WORDS[language])
        assert {f"lost.{name}" for name in (*EATEN.values(), "reverse_path", "message_id")} <= set(
            WORDS[language]
        )


def test_every_family_and_every_relation_has_a_word() -> None:
    from firsthop.campaign.features.families import FAMILIES
    from firsthop.campaign.features.relation import RELATIONS

    for language in LANGUAGES:
        assert {f"family.{name}" for name in FAMILIES} == {
            key for key in WORDS[language] if key.startswith("family.")
        }
        assert {f"relation.{key}" for key in RELATIONS} == {
            key for key in WORDS[language] if key.startswith("relation.")
        }


def test_every_sentence_of_the_opening_is_there() -> None:
    """What the writers of the opening ask for by name stands in the words; so does each
    flow, kind, label and role."""
    source = "".join(
        (PUBLICATION / name).read_text(encoding="utf-8")
        for name in ("answer/opening.py", "answer/sender_words.py")
    )
    asked = set(re.findall(r'(?:self|answer)\.say\(\s*"([\w.]+)"', source))
    asked |= {f"flow.{flow}" for flow in DECISIVE} | {f"kind.{kind}" for kind in DomainKind}
    asked |= {f"label.{label}" for label in re.findall(r'yield "(\w+)", self', source)}
    asked |= {
        f"contact.{role}"
        for role in ("handover", "submitter", "relay", "relay_login", "domain", "account")
    }
    assert len(asked) > 50
    for language in LANGUAGES:
        assert sorted(key for key in asked if f"opening.{key}" not in WORDS[language]) == []
