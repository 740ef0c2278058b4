"""Any number of languages, one set of keys: placeholders agree and values fill them."""

import re
from pathlib import Path

import pytest

from firsthop.errors import TableError
from firsthop.evidence.identity.domain_kind import DomainKind
from firsthop.judgement.checks.indirect_way import DECISIVE
from firsthop.publication.words import FORMS, LANGUAGES, WORDS, placeholders, say, template

PUBLICATION = Path(__file__).parents[2] / "firsthop" / "publication"


def forms(text: object) -> list[str]:
    """The forms of a text, `other` as the last."""
    if not isinstance(text, dict):
        return [str(text)]
    return [text[form] for form in text if form != "other"] + [text["other"]]


FIRST = "en"  # what the screen and the JSON are in: the other languages are held against it


def test_every_table_is_a_language() -> None:
    assert {path.stem for path in (PUBLICATION / "words").glob("*.toml")} == set(LANGUAGES)
    assert {FIRST, "it"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_all_keys(language: str) -> None:
    here, there = set(WORDS[language]), set(WORDS[FIRST])
    assert sorted(there - here) == [], f"words/{language}.toml lacks keys of words/{FIRST}.toml"
    assert sorted(here - there) == [], f"words/{language}.toml has keys that nobody asks for"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_leaves_open_what_the_first_does(language: str) -> None:
    different = {}
    for key, text in WORDS[FIRST].items():
        wanted = placeholders(forms(text)[-1])
        told = WORDS[language].get(key, text)
        given = [placeholders(form) for form in forms(told)]
        if isinstance(told, dict):  # a form may leave out the number that it is for
            given = [names | ({"n", "total"} & wanted) for names in given]
        if any(names != wanted for names in given):
            different[key] = (given, wanted)
    assert different == {}, f"words/{language}.toml: placeholders that are not those of {FIRST}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_names_itself_and_four_units_of_time(language: str) -> None:
    assert WORDS[language]["language"] == language, "it becomes the language of the HTML page"
    assert len(WORDS[language]["units"].split()) == 4, "day, hour, minute, second"


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != FIRST])
def test_no_text_is_left_in_the_first_language(language: str) -> None:
    same = [
        key
        for key, text in WORDS[FIRST].items()
        if text == WORDS[language].get(key) and len(str(text).split()) > 2 and "{" not in str(text)
    ]
    assert [key for key in same if key != "units"] == [], f"words/{language}.toml: not translated"


def test_one_and_other() -> None:
    assert say("it", "writer.empty", {"n": "1"}).startswith("Una riga Received")
    assert say("en", "writer.empty", {"n": "7"}).startswith("7 Received lines")


@pytest.mark.parametrize(
    ("n", "total", "form"),
    [
        ("1", "1", "only"),
        ("2", "2", "both"),
        ("3", "3", "all"),
        ("1", "3", "one"),
        ("2", "3", "other"),
        ("0", "3", "other"),
        ("3", None, "other"),
    ],
)
def test_a_form_is_chosen_by_n_of_total(n: str, total: str | None, form: str) -> None:
    text = WORDS["en"]["brief.forged"]
    assert template("en", "brief.forged", n, total) == text[form]
    assert text.keys() <= FORMS


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
