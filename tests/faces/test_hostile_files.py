"""Files that an operator hands in and somebody else may have written: whatever is in
them, a command ends at once, with one line and exit code 2 where it cannot use them."""

from __future__ import annotations

import json
import os
import random
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from firsthop.investigation.investigate import investigate
from firsthop.system.given_toml import MAX_TOML_BYTES, MAX_TOML_DEPTH, MAX_TOML_KEY_PARTS

Run = Callable[..., Result]

SECONDS = 10.0  # a few times what the worst file of the size limit takes on a busy machine
CASE = {
    "title": '"t"',
    "author": '"a"',
    "organisation": '"o"',
    "tlp": '"CLEAR"',
    "time_zone": '"Europe/Rome"',
    "published": "2014-05-30",
    "claimed_provider.name": '"Libero"',
    "claimed_provider.domains": '["libero.it"]',
    "asserted.key": '"x_mailer"',
    "asserted.value": '"Mail"',
    "asserted.source": '"a colleague"',
}
SETTINGS = {
    "own": '["mx.example.org"]',
    "authserv_ids": '["mx.example.org"]',
    "assume": "true",
    "time_zone": '"UTC"',
    "tlp": '"RED"',
}
VALUES = {
    "a number": "7",
    "a negative number": "-7",
    "a float": "7.5",
    "no number": "nan",
    "an endless number": "inf",
    "a number of many digits": f"0x{'f' * 20_000}",
    "a truth value": "true",
    "a date": "2014-05-30",
    "a time": "07:32:00",
    "a date and time": "0001-01-01T00:00:00+23:59",
    "the last date": "9999-12-31T23:59:59.999999-23:59",
    "an empty text": '""',
    "a long text": f'"{"x" * 100_000}"',
    "an empty list": "[]",
    "a list of numbers": "[1, 2]",
    "a list of lists": "[[[]]]",
    "a mixed list": '["a", 1, {}]',
    "a list of a long text": f'["{"x" * 100_000}"]',
    "a long list": f"[{'1,' * 10_000}]",
    "an empty table": "{}",
    "a table": '{ a = 1, "b c" = {} }',
    "a table of texts": '{ it = "x", "\\u001b[31m" = "y" }',
    "a list of tables": "[{}, {a = 1}]",
    "an escape": '"\\u001b[31mred"',
    "a NUL": '"a\\u0000b"',
    "a line feed": '"a\\nb"',
    "text that turns": '"\\u202Egnp.exe"',
    "an isolate": '"\\u2066x\\u2069"',
    "a noncharacter": '"\\uFFFF"',
    "a tag": '"\\U000E0041"',
    "a list of an escape": '["\\u001b]0;x\\u0007"]',
    "a list of a NUL": '["a\\u0000b"]',
    "a path": '"../../../../etc/passwd"',
    "a list of a path": '["../../etc/passwd"]',
    "a list of all": '["*", ".", "0.0.0.0/0", "::/0"]',
}
# what each key takes besides what it is for
TAKEN = {
    "title": {"an empty text", "a path"},
    "author": {"an empty text", "a path"},
    "organisation": {"an empty text", "a path"},
    "published": {"a date", "a date and time", "the last date"},
    "claimed_provider.name": {"an empty text", "a path"},
    "claimed_provider.domains": {"an empty list"},
    "asserted.value": {
        "a truth value",
        "a date",
        "a date and time",
        "the last date",
        "an empty text",
        "a path",
    },
    "asserted.source": {"an empty text", "a path"},
    "own": {"an empty list"},
    "authserv_ids": {"an empty list", "a list of a path"},
    "assume": {"a truth value"},
}


def toml(values: dict[str, str]) -> str:
    """A file of these values, tables last."""
    flat = [f"{key} = {value}\n" for key, value in values.items() if "." not in key]
    for table, head in {
        "claimed_provider": "[claimed_provider]",
        "asserted": "[[asserted]]",
    }.items():
        inner = {k: v for k, v in values.items() if k.startswith(f"{table}.")}
        flat += [f"{head}\n"] * bool(inner)
        flat += [f"{key.partition('.')[2]} = {value}\n" for key, value in inner.items()]
    return "".join(flat)


@pytest.fixture
def use(run: Run, message: bytes, tmp_path: Path) -> Callable[..., Result]:
    """Examines a message with a case file or settings of that content."""
    (tmp_path / "a.eml").write_bytes(message)

    def examine(option: str, text: str | bytes) -> Result:
        file = tmp_path / "given.toml"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return timed(lambda: run("examine", "--quiet", tmp_path / "a.eml", option, file))

    return examine


def timed(work: Callable[[], Result]) -> Result:
    """Bounded time, whatever it is."""
    begun = time.process_time()
    shown = work()
    assert time.process_time() - begun < SECONDS
    return shown


def assert_one_line(shown: Result) -> None:
    """A refusal that steers no terminal."""
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (2, "", 1), shown.output
    assert len(shown.stderr) < 2_500
    bad = [c for c in shown.stderr[:-1] if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
    assert not bad


@pytest.mark.parametrize("key", [*CASE, *SETTINGS])
def test_each_key_with_each_kind_of_value(key: str, use: Callable[..., Result]) -> None:
    option, whole = ("--case", CASE) if key in CASE else ("--settings", SETTINGS)
    if key in ("tlp", "time_zone"):
        option, whole = ("--case", CASE)
    assert use(option, toml(whole)).exit_code == 0
    for kind, value in VALUES.items():
        shown = use(option, toml({**whole, key: value}))
        if kind in TAKEN.get(key, set()):
            assert (shown.exit_code, shown.stderr) == (0, ""), (kind, shown.output)
        else:
            assert_one_line(shown)


@pytest.mark.parametrize("table", ["claimed_provider", "asserted"])
def test_a_table_that_is_none(table: str, use: Callable[..., Result]) -> None:
    whole = {key: value for key, value in CASE.items() if not key.startswith(f"{table}.")}
    for kind, value in VALUES.items():
        shown = use("--case", toml({table: value, **whole}))
        harmless = {"claimed_provider": {"an empty table"}, "asserted": {"an empty list"}}[table]
        if kind in harmless:
            assert shown.exit_code == 0
        else:
            assert_one_line(shown)


SIZE = MAX_TOML_BYTES - 100
WRONG: dict[str, str | bytes] = {
    "brackets": f"x = {'[' * 1_000}",
    "closed brackets": f"x = {'[' * 1_000}{']' * 1_000}",
    "braces": "x = " + "{a = " * 1_000 + "1" + "}" * 1_000,
    "brackets of a head": "[" * 1_000,
    "brackets behind texts": f'y = """""a"""""\nx = {"[" * 1_000}',
    "brackets behind a comment": f"# \"'''\nx = {'[' * 1_000}",
    "just too deep": f"author = {'[' * (MAX_TOML_DEPTH + 1)}{']' * (MAX_TOML_DEPTH + 1)}",
    "a key of 100 kB": f"a{'.a' * 50_000} = 1",
    "a head of 100 kB": f"[a{'.a' * 50_000}]",
    "a key of 100 kB within": f"x = {{ a{'.a' * 50_000} = 1 }}",
    "a quoted key of 100 kB": "'a'" + ".'a'" * 30_000 + " = 1",
    "a key with spaces": "a" + " . a" * 30_000 + " = 1",
    "just too long a key": "a" + ".a" * MAX_TOML_KEY_PARTS + " = 1",
    "beyond the size": b"#" * (MAX_TOML_BYTES + 1),
    "a text without end": 'x = "' + "\\\\" * (SIZE // 2),
    "texts without end": '\\"""x"' * (SIZE // 6),
    "a long text without end": 'x = """' + '\\"""x"' * (SIZE // 6 - 2),
    "tables": "".join(f"[t{n}]\n" for n in range(SIZE // 10)),
    "lists of tables": "[[a]]\n" * (SIZE // 6),
    "keys": "".join(f"k{n}=1\n" for n in range(SIZE // 12)),
    "many claims": '[[asserted]]\nkey = "x_mailer"\nvalue = ""\nsource = ""\n' * 10_000,
    "digits": f"x = {'9' * SIZE}",
    "signs": "=" * SIZE,
    "a key twice": "author = 'a'\nauthor = 'b'\n",
    "an unknown key": "titel = 'x'\n",
    "an unknown key of escapes": '"\\u001b[31m\\u202e" = 1\n',
    "a long unknown key": f'"{"k" * SIZE}" = 1',
    "a NUL": b"author = 'a\x00b'\n",
    "a raw escape": b"author = '\x1b[31m'\n",
    "only NUL": bytes(10_000),
    "no UTF-8": b"author = '\xff\xfe'\n",
    "UTF-16": "author = 'a'\n".encode("utf-16"),
    "surrogates in UTF-8": b"author = '\xed\xa0\x80'\n",
    "an overlong form": b"author = '\xc0\xaf'\n",
    "a CR alone": b"author = 'a'\rtlp = 'RED'\r",
    "a day that is none": "published = 2014-02-30\n",
    "a year that is none": "published = 99999-01-01\n",
    "no TOML": "<html>",
    "JSON": '{"author": "a"}',
}


@pytest.mark.parametrize("command", ["trace", "examine", "investigate"])
def test_the_case_that_was_reported(command: str, run: Run, tmp_path: Path) -> None:
    heap = Path(__file__).parents[1] / "cases" / "robustness-case-file"
    out = ["-o", tmp_path / "case"] if command == "investigate" else []
    assert_one_line(timed(lambda: run(command, heap, *out)))
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize("option", ["--case", "--settings"])
@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_cannot_be_used(name: str, option: str, use: Callable[..., Result]) -> None:
    assert_one_line(use(option, WRONG[name]))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"# comment",
        b"author = 'a'\r\ntlp = 'RED'\r\n",
        b"\xef\xbb\xbfauthor = 'a'\n",
        b"author = '\xe2\x80\x8d\xd7\x90'\n",
        f'"author" = """{"[" * 500}"""\n'.encode(),
    ],
)
def test_a_file_that_is_unusual_and_right(text: bytes, use: Callable[..., Result]) -> None:
    shown = use("--case", text)
    assert (shown.exit_code, shown.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_mutants_of_a_case_file(seed: int, use: Callable[..., Result]) -> None:
    """Taken, or refused in one line."""
    dice = random.Random(seed)
    whole = toml(CASE).encode()
    marks = [b"[", b"]", b"{", b"}", b'"', b"'''", b'"""', b"\\", b"\n", b".", b"=", b"#", b"\x00"]
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(data))
            data[at : at + dice.randrange(3)] = dice.choice([*marks, bytes([dice.randrange(256)])])
        shown = use("--case", bytes(data))
        if shown.exit_code != 0:
            assert_one_line(shown)


def directory(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path)


def link_to_nothing(path: Path) -> None:
    path.symlink_to("/nowhere/at/all")


def link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def link_to_a_folder(path: Path) -> None:
    path.symlink_to("/")


NO_FILES = [directory, pipe, loop, link_to_nothing, link_to_a_device, link_to_a_folder]
OPTIONS = ["--settings", "--case", "--answers", "--places", "--background", "--record"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such things")
@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("make", NO_FILES)
def test_what_is_no_file(
    make: Callable[[Path], None], option: str, run: Run, message: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.eml").write_bytes(message)
    make(tmp_path / "given")
    words: list[object] = ["examine"]
    if option in ("--places", "--background"):
        words = ["investigate", "-o", tmp_path / "case"]
    shown = timed(lambda: run(*words, "--quiet", tmp_path / "a.eml", option, tmp_path / "given"))
    assert_one_line(shown)
    assert not (tmp_path / "case").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such things")
@pytest.mark.parametrize("make", NO_FILES)
@pytest.mark.parametrize("command", ["examine", "investigate"])
def test_a_case_file_beside_the_mail_that_is_no_file(
    command: str, make: Callable[[Path], None], run: Run, message: bytes, tmp_path: Path
) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "a.eml").write_bytes(message)
    make(tmp_path / "mail" / "case.toml")
    out = ["-o", tmp_path / "case"] if command == "investigate" else []
    assert_one_line(timed(lambda: run(command, tmp_path / "mail", *out)))
    assert not (tmp_path / "case").exists()


def test_a_link_to_a_case_file_is_one(run: Run, message: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(message)
    (tmp_path / "mine.toml").write_text("author = 'a'\n")
    (tmp_path / "given.toml").symlink_to(tmp_path / "mine.toml")
    assert run("examine", tmp_path / "a.eml", "--case", tmp_path / "given.toml").exit_code == 0


ANSWER = {
    "name": "example.org",
    "type": "TXT",
    "answers": ["v=spf1 -all"],
    "rcode": "NOERROR",
    "as_of": "2014-05-17T13:00:00Z",
    "source": "me",
}
JSON_VALUES: list[object] = [
    None,
    True,
    7,
    -1.5,
    "",
    "x" * 100_000,
    "\x1b[31m",
    [],
    [1],
    [[1]],
    [["a", None]],
    {},
]
ANSWERS_TAKEN: dict[str, list[object]] = {
    "answers": [[]],
    "rcode": ["", "x" * 100_000, "\x1b[31m"],
    "source": [None, "", [], {}, "x" * 100_000, "\x1b[31m"],
    "name": ["x" * 100_000, "\x1b[31m"],
    "type": ["x" * 100_000, "\x1b[31m"],
}


@pytest.mark.parametrize("key", ANSWER)
def test_dns_answers_with_each_kind_of_value(key: str, use: Callable[..., Result]) -> None:
    for value in JSON_VALUES:
        shown = use("--answers", json.dumps({**ANSWER, key: value}) + "\n")
        if value in ANSWERS_TAKEN.get(key, []) and not isinstance(value, bool):
            assert shown.exit_code == 0, (value, shown.output)
        else:
            assert_one_line(shown)


@pytest.mark.parametrize(
    "line",
    [
        '{"a":' * 100_000,
        "[" * 100_000,
        '{"name": "\\ud800", "type": 1}',
        '{"name": 1e999}',
        f'{{"name": {"9" * 10_000}}}',
        "null",
        "[]",
        "{}",
        "{\x00}",
    ],
)
def test_dns_answers_that_are_none(line: str, use: Callable[..., Result]) -> None:
    assert_one_line(use("--answers", line + "\n"))


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mail")
    from benchmarks.campaigns.planted import Plan, write

    for number, data in enumerate(write(Plan("mine", 12), 1)):
        (folder / f"{number:02}.eml").write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def signature(mail: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    case = tmp_path_factory.mktemp("case") / "case"
    investigate([mail], case)
    campaigns = json.loads((case / "campaigns.json").read_text())
    found: dict[str, object] = next(one for full in campaigns for one in full["signature"].values())
    return found


@pytest.mark.slow
def test_a_signature_with_each_kind_of_value(
    run: Run, signature: dict[str, object], mail: Path, tmp_path: Path
) -> None:
    file = tmp_path / "signature.json"
    file.write_text(json.dumps(signature))
    assert run("match", file, mail).exit_code == 0
    atoms = signature["atoms"]
    assert isinstance(atoms, list)
    for value in [*JSON_VALUES, float("nan"), float("inf"), 10**400]:
        changed = [{**signature, key: value} for key in signature]
        changed += [{**signature, "atoms": [{**atoms[0], key: value}]} for key in atoms[0]]
        changed += [{**signature, key: [value]} for key in ("atoms", "conjunction", "pairs")]
        changed += [{**signature, "pairs": [{"first": value, "second": value}]}]
        for one in changed:
            file.write_text(json.dumps(one))
            shown = timed(lambda: run("match", file, mail / "00.eml"))
            if shown.exit_code != 0:
                assert_one_line(shown)
    for text in ("[" * 100_000, '{"atoms":' * 100_000, "", "null", "[]", "\x00"):
        file.write_text(text)
        assert_one_line(timed(lambda: run("match", file, mail)))


@pytest.mark.slow
def test_a_foreign_case(run: Run, mail: Path, tmp_path: Path) -> None:
    """What reads a case says in one line that it is none."""
    case = tmp_path / "case"
    investigate([mail], case)
    whole = (case / "campaigns.json").read_text()
    told = json.loads(whole)
    for key in told[0]:
        within = told[0][key] if isinstance(told[0][key], dict) else {}
        changed = [{**told[0], key: value} for value in [*JSON_VALUES, 10**400]]
        changed += [{**told[0], key: {**within, k: v}} for k in within for v in JSON_VALUES]
        for one in changed:
            (case / "campaigns.json").write_text(json.dumps([one]))
            shown = timed(lambda: run("campaigns", case))
            if shown.exit_code != 0:
                assert_one_line(shown)
    for text in ("[" * 100_000, "", "{}x", "\x00"):
        (case / "campaigns.json").write_text(text)
        assert_one_line(run("campaigns", case))
        assert_one_line(run("match", case, mail))


@pytest.mark.slow
def test_a_damaged_background(run: Run, mail: Path, message: bytes, tmp_path: Path) -> None:
    """Every file of it: a byte changed, cut, gone, something else."""
    import shutil

    (tmp_path / "a.eml").write_bytes(message)
    assert run("background", "add", tmp_path / "good", mail, "--quiet").exit_code == 0
    words = ("investigate", "--quiet", tmp_path / "a.eml", "--background", tmp_path / "bad")
    names = [
        path.relative_to(tmp_path / "good")
        for path in (tmp_path / "good").rglob("*")
        if path.suffix in (".sqlite", ".parquet")
    ]
    assert len(names) == 3
    for name in names:
        data = (tmp_path / "good" / name).read_bytes()
        flipped = bytearray(data)
        flipped[len(data) // 2] ^= 0xFF
        for changed in (bytes(flipped), data[: len(data) // 2], b"", b"x" * len(data), None):
            shutil.rmtree(tmp_path / "bad", ignore_errors=True)
            shutil.copytree(tmp_path / "good", tmp_path / "bad")
            (tmp_path / "bad" / name).unlink()
            if changed is not None:
                (tmp_path / "bad" / name).write_bytes(changed)
            shown = timed(lambda: run(*words, "-o", tmp_path / "case"))
            if shown.exit_code != 0 or name.suffix == ".parquet":
                assert_one_line(shown)
                assert not (tmp_path / "case").exists()
            shutil.rmtree(tmp_path / "case", ignore_errors=True)


def test_a_database_that_declares_something_else(run: Run, message: bytes, tmp_path: Path) -> None:
    """A view that never ends, in the place of a table."""
    import sqlite3

    (tmp_path / "a.eml").write_bytes(message)
    (tmp_path / "bad").mkdir()
    with sqlite3.connect(tmp_path / "bad" / "archive.sqlite") as connection:
        connection.executescript(
            "PRAGMA application_id = 1179145296; PRAGMA user_version = 1; CREATE VIEW segment AS "
            "WITH RECURSIVE n(place) AS (SELECT 1 UNION ALL SELECT place FROM n) SELECT place, "
            "'x' AS name, 'message' AS kind, 1 AS arrival, 1 AS rows, 1 AS size, 'x' AS sha256, "
            "0 AS gathered FROM n;"
        )
    connection.close()
    words = ("investigate", tmp_path / "a.eml", "-o", tmp_path / "case", "--background")
    assert_one_line(timed(lambda: run(*words, tmp_path / "bad")))


@pytest.mark.parametrize(
    "word",
    ["", " ", "\x1b[31m", "\u202e", "a b", "*", ".", "..", "x" * 100_000, "1/", "::/0", "a\x00"],
)
@pytest.mark.parametrize("command", ["trace", "examine"])
def test_own_servers_that_are_none(
    word: str, command: str, run: Run, message: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.eml").write_bytes(message)
    assert_one_line(timed(lambda: run(command, tmp_path / "a.eml", "--own", word)))
