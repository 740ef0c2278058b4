"""CONTRIBUTING.md, tried: in a copy of the repository everything that it says can be
added is added, step by step, and each step that is forgotten fails a test that says
so."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from firsthop.publication.words import LANGUAGES
from tests.children import ROOT, CompletedProcess, run_python

pytestmark = pytest.mark.slow

ADDITIONS = Path(__file__).parent / "additions"
FOLDERS = ("firsthop", "tests", "docs", "benchmarks", "examples")
DIALECT = "firsthop/evidence/received/dialects/toymail.toml"
RECEIVER = "firsthop/evidence/path/receivers/toygate.toml"
PROVIDER = "firsthop/evidence/providers/toypost.toml"
MAILER = "firsthop/evidence/mailers/toymailer.toml"
CHECK = "firsthop/judgement/checks/subject_in_capitals.py"
LISTED = "firsthop/judgement/checks/__init__.py"
CHECK_TEST = "tests/judgement/checks/test_subject_in_capitals.py"
CAUSES = "firsthop/judgement/hypotheses/tables/account.toml"
STATEMENTS = "firsthop/statements.py"
STATED = "replies_reach_a_stranger"
WORDS = "firsthop/publication/words"
SENTENCE = 'in_capitals = "The Subject is written in capitals only, all {letters} letters."\n'
PAGES = "tests/test_documentation.py"
GUARDS = {
    "dialect": ("tests/evidence/received/test_dialects.py",),
    "receiver": tuple(
        f"tests/evidence/test_receivers.py::{name}"
        for name in (
            "test_examples",
            "test_every_table_claims_and_refuses",
            "test_one_writer_has_one_receiver",
            "test_each_entry_names_its_source",
        )
    ),
    "provider": ("tests/evidence/test_provider.py",),
    "mailer": ("tests/evidence/mailer/test_tables.py", "tests/judgement/test_mailer_words.py"),
    "check": ("tests/judgement/test_checks_table.py", "tests/judgement/checks"),
    "finding": ("tests/judgement/hypotheses/test_tables.py",),
    "language": ("tests/publication/test_words.py",),
}


class Copy:
    """A copy of the repository in which things are added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in FOLDERS:
            shutil.copytree(ROOT / name, folder / name)  # what is compiled, too: it saves a third
        for path in ROOT.iterdir():
            if path.is_file() and path.suffix in (".md", ".toml"):
                shutil.copy(path, folder)

    def put(self, name: str, addition: str, change: Callable[[str], str] = str) -> None:
        """A file out of tests/additions, changed where a step is forgotten."""
        text = (ADDITIONS / addition).read_text(encoding="utf-8")
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(change(text), encoding="utf-8")

    def edit(self, name: str, before: str, after: str) -> None:
        """One line more, or another one."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    def run(self, *arguments: str) -> CompletedProcess[str]:
        """This Python, with the package of the copy."""
        environment = os.environ | {"PYTHONPATH": str(self.folder), "COLUMNS": "200"}
        return run_python(*arguments, cwd=self.folder, env=environment)

    def test(self, *names: str) -> CompletedProcess[str]:
        """Some of the tests."""
        return self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", *names)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "copy")


def add_check(copy: Copy, *, without: str = "") -> None:
    """The steps of a check, `without` one of them."""
    copy.put(CHECK, "check.py")
    if without != "listed":
        before = "    subject_is_local_part,\n"
        copy.edit(LISTED, before, f"    subject_in_capitals,\n{before}")
        before = "    subject_is_local_part.CHECK,\n"
        copy.edit(LISTED, before, f"    subject_in_capitals.CHECK,\n{before}")
    for language in LANGUAGES:
        if without != f"words in {language}":
            copy.edit(f"{WORDS}/{language}.toml", "\n[subject]\n", f"\n[subject]\n{SENTENCE}")
    if without != "test":
        copy.put(CHECK_TEST, "expected.py")


def add_finding(copy: Copy, *, without: str = "") -> None:
    """The steps of a finding about causes, `without` one of them."""
    text = (ADDITIONS / "finding.toml").read_text(encoding="utf-8")
    with (copy.folder / CAUSES).open("a", encoding="utf-8") as table:
        table.write(text)
    if without != "statement":
        before = "STATEMENTS = {\n"
        copy.edit(STATEMENTS, before, f'{before}    "{STATED}": "accounts, of those asked",\n')
    for language in LANGUAGES:
        if without != f"words in {language}":
            before = "\n[hypotheses.finding]\n"
            words = f'{STATED} = "{language}: an answer was read by a stranger"\n'
            copy.edit(f"{WORDS}/{language}.toml", before, f"{before}{words}")


def add_language(copy: Copy, code: str = "de") -> Path:
    """A language that says what English says, with its code before each text."""
    lines = (copy.folder / WORDS / "en.toml").read_text(encoding="utf-8").splitlines()
    text = "\n".join(
        line if line.startswith(("#", "units")) else re.sub(r'= "', f'= "{code} ', line, count=1)
        for line in lines
    )
    text = text.replace('one = "', f'one = "{code} ').replace('other = "', f'other = "{code} ')
    path = copy.folder / WORDS / f"{code}.toml"
    path.write_text(text.replace(f'language = "{code} en"', f'language = "{code}"') + "\n")
    return path


@pytest.mark.parametrize(
    ("kind", "target"),
    [("dialect", DIALECT), ("receiver", RECEIVER), ("provider", PROVIDER), ("mailer", MAILER)],
)
def test_a_table_is_one_file(copy: Copy, kind: str, target: str) -> None:
    copy.put(target, f"{kind}.toml")
    tried = copy.test(*GUARDS[kind])
    assert tried.returncode == 0, tried.stdout


def test_a_check_is_one_file_its_words_a_line_and_a_test(copy: Copy) -> None:
    add_check(copy)
    tried = copy.test(*GUARDS["check"], *GUARDS["language"])
    assert tried.returncode == 0, tried.stdout
    (copy.folder / "mail.eml").write_text("Subject: ACT NOW PLEASE\n\nbody\n")
    shown = copy.run("-m", "firsthop", "examine", "-v", "mail.eml")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "The Subject is written in capitals only, all 14 letters." in shown.stdout


def test_a_finding_is_a_table_s_entry_and_its_words(copy: Copy) -> None:
    add_finding(copy)
    tried = copy.test(*GUARDS["finding"], *GUARDS["language"])
    assert tried.returncode == 0, tried.stdout


def test_a_language_is_one_file(copy: Copy) -> None:
    add_language(copy)
    tried = copy.test(*GUARDS["language"], *GUARDS["check"])
    assert tried.returncode == 0, tried.stdout
    done = copy.run("-m", "firsthop", "investigate", "-q", "examples/libero-2014", "-o", "case")
    assert (done.returncode, done.stderr) == (0, "")
    assert '<html lang="de">' in (copy.folder / "case" / "bulletin.de.html").read_text()
    assert (copy.folder / "case" / "bulletin.de.md").read_text().startswith("# de ")


def lose(pattern: str, text: str) -> str:
    """The text without what the pattern finds."""
    lost, count = re.subn(pattern, "", text, flags=re.DOTALL)
    assert count, pattern
    return lost


def forget_the_example(copy: Copy) -> None:
    copy.put(DIALECT, "dialect.toml", lambda text: lose(r"\[\[example\]\].*", text))


def claim_what_is_postfix_s(copy: Copy) -> None:
    copy.put(DIALECT, "dialect.toml", lambda text: text.replace("(Toymail 1.2)", "(Postfix)"))
    copy.edit(DIALECT, "^Toymail\\b", "^Postfix$")


def forget_the_refused_writer(copy: Copy) -> None:
    copy.put(RECEIVER, "receiver.toml", lambda text: lose(r"\[\[example\]\] # a name.*", text))


def forget_the_look_alike(copy: Copy) -> None:
    copy.put(PROVIDER, "provider.toml", lambda text: lose(r"\[\[example\]\] # a look.*", text))


def forget_what_lacks_a_mark(copy: Copy) -> None:
    copy.put(MAILER, "mailer.toml", lambda text: text[: text.rindex("[[example]]")])


def forget_the_count(copy: Copy) -> None:
    add_check(copy)
    copy.edit(CHECK, '    "an example: nobody counted it",\n', "")


def ask_for_another_value(copy: Copy) -> None:
    add_check(copy)
    for language in LANGUAGES:
        copy.edit(f"{WORDS}/{language}.toml", "all {letters} letters", "all {length} letters")


def forget_a_key(copy: Copy) -> None:
    path = add_language(copy)
    path.write_text(lose(r'default_title = "[^"]*"\n', path.read_text()))


def misspell_a_placeholder(copy: Copy) -> None:
    path = add_language(copy)
    path.write_text(path.read_text().replace("{tlp}", "{ptl}"))


def leave_a_page_stale(copy: Copy) -> None:
    copy.put(DIALECT, "dialect.toml")


FORGOTTEN: list[tuple[str, Callable[[Copy], None], str]] = [
    ("dialect", forget_the_example, "dialects/toymail.toml has no [[example]]"),
    ("dialect", claim_what_is_postfix_s, "another dialect claims the example"),
    ("receiver", forget_the_refused_writer, "receivers/toygate.toml: an [[example]]"),
    ("provider", forget_the_look_alike, "no [[example]] of a look-alike it refuses"),
    ("mailer", forget_what_lacks_a_mark, "no [[example]] that lacks a mark"),
    (
        "check",
        lambda copy: add_check(copy, without="listed"),
        "checks/subject_in_capitals.py is not in CHECKS",
    ),
    *(
        (
            "check",
            lambda copy, language=language: add_check(copy, without=f"words in {language}"),
            f"publication/words/{language}.toml lacks them",
        )
        for language in LANGUAGES
    ),
    (
        "check",
        lambda copy: add_check(copy, without="test"),
        "no test of subject_in_capitals: write tests/judgement/checks/",
    ),
    ("check", forget_the_count, "subject_in_capitals has no base rate: count it"),
    ("check", ask_for_another_value, "subject_in_capitals.py gives no value"),
    (
        "finding",
        lambda copy: add_finding(copy, without="statement"),
        "replies_reach_a_stranger: who can state it has no key in firsthop/statements.py",
    ),
    *(
        (
            "finding",
            lambda copy, language=language: add_finding(copy, without=f"words in {language}"),
            f"words/{language}.toml lacks hypotheses.finding.replies_reach_a_stranger",
        )
        for language in LANGUAGES
    ),
    ("language", forget_a_key, "words/de.toml lacks keys of words/en.toml"),
    ("language", misspell_a_placeholder, "words/de.toml: placeholders that are not those of en"),
]


@pytest.mark.parametrize(
    ("kind", "forget", "message"), FORGOTTEN, ids=[message for _, _, message in FORGOTTEN]
)
def test_a_forgotten_step_fails_and_is_named(
    copy: Copy, kind: str, forget: Callable[[Copy], None], message: str
) -> None:
    forget(copy)
    tried = copy.test(*GUARDS[kind])
    assert tried.returncode == 1, tried.stdout
    assert message in tried.stdout


def test_a_stale_page_is_named_and_written_anew(copy: Copy) -> None:
    leave_a_page_stale(copy)
    tried = copy.test(PAGES)
    assert tried.returncode == 1
    assert "dialects.md" in tried.stdout
    assert "run python -m docs.generate" in tried.stdout
    assert copy.run("-m", "docs.generate").returncode == 0
    assert "| toymail |" in (copy.folder / "docs" / "reference" / "dialects.md").read_text()


def test_the_guide_names_every_file_it_takes() -> None:
    """CONTRIBUTING.md and what is tried here speak of the same folders."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in (DIALECT, RECEIVER, PROVIDER, MAILER, CHECK, LISTED, CHECK_TEST, CAUSES):
        assert f"{target.rpartition('/')[0]}/" in guide, target
    for path in ADDITIONS.iterdir():
        if path.is_file():
            assert f"tests/additions/{path.name}" in guide
