"""A pack holds the evidence, as it was given, and nothing secret; it is the same twice,
whole or not there, and is checked with sha256sum alone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.case.file_digest import FileDigest, is_name_within
from firsthop.case.journal import JOURNAL, read_journal
from firsthop.case.secret import KEY_FILE, case_key
from firsthop.case.verify import verify
from firsthop.errors import CaseError
from firsthop.investigation.investigate import investigate
from firsthop.investigation.pack import Asked, Packed, pack
from firsthop.publication.pack.archive import Member, write_pack
from firsthop.publication.pack.names import pack_names
from tests.children import PIPE, run, run_python, started
from tests.engines import lacking
from tests.publication.packs import NAMES, sums_hold, unpacked, write_case

EXAMPLE = Path(__file__).parents[2] / "examples" / "libero-2014" / "headers.txt"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with mail and case."""
    folder = tmp_path_factory.mktemp("evidence")
    write_case(folder)
    return folder


@pytest.fixture
def case(written: Path, tmp_path: Path) -> Path:
    """A case of one's own; the mail is shared."""
    shutil.copytree(written / "case", tmp_path / "case")
    return tmp_path / "case"


def test_every_original_is_in_it_and_sha256sum_finds_all_in_order(
    case: Path, written: Path, tmp_path: Path
) -> None:
    packed = pack(case, tmp_path / "a.zip")
    folder = unpacked(tmp_path / "a.zip", tmp_path)
    told = sums_hold(folder)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.count(": OK\n") == packed.files - 1
    lines = [json.loads(line) for line in (folder / "ORIGINALS.jsonl").read_text().splitlines()]
    assert (packed.originals, packed.missing, len(lines)) == (len(NAMES), (), len(NAMES))
    for line in lines:
        assert (folder / line["in_pack"]).read_bytes() == Path(line["name"]).read_bytes()
    names = {os.fsencode(os.path.relpath(line["name"], written / "mail")) for line in lines}
    assert names == set(NAMES)
    assert (folder / "originals" / "deep" / "er" / "mail.eml").is_file()
    assert verify(folder / "case") == [], "the case in it is a case"


def test_no_name_in_it_is_dangerous(case: Path, tmp_path: Path) -> None:
    pack(case, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = [one.filename for one in archive.infolist()]
        assert archive.testzip() is None
        assert {(one.external_attr >> 16, one.compress_type) for one in archive.infolist()} == {
            (0o100600, zipfile.ZIP_STORED)
        }
    assert all(name.startswith("evidence-pack/") for name in names)
    assert [name for name in names if not is_name_within(name.removesuffix(JOURNAL) + "x")] == []
    assert len({name.casefold() for name in names}) == len(names)


def test_what_is_secret_is_not_in_it(case: Path, tmp_path: Path) -> None:
    key = case_key(case)
    pack(case, tmp_path / "a.zip")
    data = (tmp_path / "a.zip").read_bytes()
    assert key not in data
    assert key.hex().encode() not in data
    assert KEY_FILE.encode() not in data
    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0


def test_the_same_case_gives_the_same_bytes(case: Path, tmp_path: Path) -> None:
    shutil.copytree(case, tmp_path / "copy")
    first = pack(case, tmp_path / "a.zip")
    assert pack(case, tmp_path / "b.zip") == first
    assert pack(tmp_path / "copy", tmp_path / "c.zip") == first
    data = {(tmp_path / f"{name}.zip").read_bytes() for name in "abc"}
    assert len(data) == 1
    events = read_journal((case / JOURNAL).read_bytes()).events
    assert [one.out and one.out.path for one in events] == ["../a.zip", "../b.zip"]
    sha256 = hashlib.sha256(data.pop()).hexdigest()
    assert {one.out.files[0].sha256 for one in events if one.out} == {sha256}
    assert first.sums in events[0].result
    assert verify(case) == []


def test_nothing_is_written_over_or_into_the_case(case: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("mine")
    for out, why in (
        (tmp_path / "a.zip", "is there already"),
        (case / "a.zip", "lies in the case"),
        (tmp_path / ".hidden", "no name"),
        (tmp_path / "line\nfeed", "no name"),
    ):
        with pytest.raises(CaseError, match=why):
            pack(case, out)
    assert (tmp_path / "a.zip").read_text() == "mine"
    assert verify(case) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "case"]


def no_links(*_: object, **__: object) -> None:
    raise OSError(95, "Operation not supported")


@pytest.fixture(params=["nameless", "named", "without links"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the file system has."""
    if request.param != "nameless":
        monkeypatch.setattr("firsthop.publication.pack.archive._OPEN_FILES", Path("/nowhere"))
    if request.param == "without links":
        monkeypatch.setattr(os, "link", no_links)
    return str(request.param)


def test_a_pack_takes_its_place_on_every_file_system(system: str, tmp_path: Path) -> None:
    member = Member(FileDigest("a", 1, hashlib.sha256(b"a").hexdigest()), b"a")
    noted: list[FileDigest] = []
    write_pack(tmp_path / "a.zip", [member], noted.append)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.zip"]
    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0
    sha256 = hashlib.sha256((tmp_path / "a.zip").read_bytes()).hexdigest()
    assert [one.sha256 for one in noted] == [sha256]


def test_a_place_that_is_taken_meanwhile_is_left_to_who_took_it(
    system: str, tmp_path: Path
) -> None:
    out = tmp_path / "a.zip"
    member = Member(FileDigest("a", 1, hashlib.sha256(b"a").hexdigest()), b"a")

    def take(_: FileDigest) -> None:
        out.write_text("mine")

    with pytest.raises(CaseError, match="is there already"):
        write_pack(out, [member], take)
    assert (out.read_text(), list(tmp_path.iterdir())) == ("mine", [out])


def test_a_case_that_differs_is_refused(case: Path, tmp_path: Path) -> None:
    for name in sorted(path.name for path in case.iterdir() if path.is_file()):
        whole = (case / name).read_bytes()
        (case / name).write_bytes(whole + b"\n")
        with pytest.raises(CaseError, match=f"not as its journal says: {name}"):
            pack(case, tmp_path / "a.zip")
        (case / name).write_bytes(whole)
    (case / "note.txt").write_text("mine")
    with pytest.raises(CaseError, match=r"note\.txt \(added"):
        pack(case, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


@pytest.fixture(scope="module")
def relative(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of two files, by relative paths."""
    folder = tmp_path_factory.mktemp("relative")
    (folder / "mail").mkdir()
    for name in ("one.txt", "two.txt"):
        (folder / "mail" / name).write_bytes(EXAMPLE.read_bytes() + name.encode() + b"\n")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        investigate(["mail"], Path("case"))
    return folder


@pytest.fixture
def small(relative: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same for one test, which runs beside it."""
    shutil.copytree(relative, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "case"


def test_an_original_that_was_changed_is_refused_and_one_that_is_gone_is_named(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mail" / "one.txt"
    whole = file.read_bytes()
    for changed in (whole + b"x", whole.swapcase()):
        file.write_bytes(changed)
        with pytest.raises(CaseError, match=r"mail/one\.txt: no longer the file"):
            pack(small, tmp_path / "a.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case", "mail"]
    file.unlink()
    packed = pack(small, tmp_path / "a.zip")
    assert (packed.originals, packed.missing) == (1, ("mail/one.txt",))
    folder = unpacked(tmp_path / "a.zip", tmp_path)
    assert sums_hold(folder).returncode == 0
    assert "1 of" not in (folder / "HOWTO.en.txt").read_text()
    assert "1 files that were given are not in this pack" in (folder / "HOWTO.en.txt").read_text()
    file.write_bytes(whole)
    monkeypatch.chdir("/")
    assert len(pack(small, tmp_path / "b.zip").missing) == 2
    assert pack(small, tmp_path / "c.zip", Asked(base=tmp_path)).missing == ()


def test_a_case_of_an_earlier_version_says_what_to_do(small: Path, tmp_path: Path) -> None:
    from tests.case.sealed import write_files

    write_files(tmp_path / "old", {"a": "1"})
    with pytest.raises(CaseError, match="earlier version"):
        pack(tmp_path / "old", tmp_path / "a.zip")


def test_a_journal_that_lists_the_key_packs_nothing(small: Path, tmp_path: Path) -> None:
    from firsthop.case.folder import CaseFolder

    with CaseFolder.open(tmp_path / "forged") as folder:
        for path in small.iterdir():
            if path.is_file() and path.name != JOURNAL:
                folder.write_bytes(path.name, path.read_bytes())
        folder.write_text(KEY_FILE, "0" * 64)
        folder.seal("investigate")
    with pytest.raises(CaseError, match="which no pack may hold"):
        pack(tmp_path / "forged", tmp_path / "a.zip")


def test_a_tampered_file_of_a_pack_is_named_by_sha256sum(small: Path, tmp_path: Path) -> None:
    pack(small, tmp_path / "a.zip")
    folder = unpacked(tmp_path / "a.zip", tmp_path)
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]
    for path in files:
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        told = sums_hold(folder)
        assert told.returncode == 1
        assert f"{path.relative_to(folder)}: FAILED" in told.stdout
        path.write_bytes(whole)


SLOW = """
import sys, time
from pathlib import Path
from firsthop.publication.pack import archive
from firsthop.investigation.pack import pack
copy = archive._copy
def slowly(member, target):
    copy(member, target)
    print("one", flush=True)
    time.sleep(0.2)
archive._copy = slowly
pack(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_who_is_ended_in_the_middle_leaves_no_half_pack(
    number: signal.Signals, small: Path, tmp_path: Path
) -> None:
    before = (small / JOURNAL).read_bytes()
    (tmp_path / "out").mkdir()
    command: list[str | Path] = [sys.executable, "-c", SLOW, small, tmp_path / "out" / "a.zip"]
    with started(command, stderr=PIPE, cwd=tmp_path) as child:
        assert child.stdout
        assert child.stdout.readline() == "one\n"
        child.send_signal(number)
        child.wait()
    assert list((tmp_path / "out").iterdir()) == []
    assert (small / JOURNAL).read_bytes() == before
    pack(small, tmp_path / "out" / "a.zip")


def test_memory_does_not_grow_with_the_originals(small: Path, tmp_path: Path) -> None:
    """A file of 60 MB and the cost of one chunk."""
    code = (
        "import hashlib, resource, sys; from pathlib import Path; "
        "from firsthop.case.originals import digest_now; "
        "from firsthop.publication.pack.archive import Member, write_pack; "
        "from firsthop.case.file_digest import FileDigest; big = sys.argv[1]; "
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; "
        "size, digest = digest_now(big); "
        "write_pack(Path(sys.argv[2]), [Member(FileDigest('a', size, digest), big)], lambda _: 0); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    with (tmp_path / "big").open("wb") as file:
        file.truncate(60 << 20)
    grown = run_python("-c", code, tmp_path / "big", tmp_path / "big.zip")
    assert int(grown.stdout) < 20 << 10, grown.stderr  # KiB
    assert (tmp_path / "big.zip").stat().st_size > 60 << 20
    (tmp_path / "big.zip").unlink()


PART = st.text(st.sampled_from("aAbé.- \\\n:%_\u202e\udcff*"), min_size=1, max_size=4)
PATH = st.builds(lambda top, parts: top + "/".join(parts), st.sampled_from(["", "/", "../"]),
                 st.lists(PART, min_size=1, max_size=3))  # fmt: skip


@given(st.sets(PATH, max_size=12))
def test_names_are_safe_and_each_its_own(paths: set[str]) -> None:
    names = pack_names(sorted(paths, key=os.fsencode))
    assert all(is_name_within(name) for name in names)
    assert all(part[0] != "-" for name in names for part in name.split("/"))
    folded = {name.casefold() for name in names}
    assert len(folded) == len(paths)
    folders = {
        "/".join(name.split("/")[:end]) for name in folded for end in range(1, name.count("/") + 1)
    }
    assert not folders & folded, "no file has the name of a folder"


def test_standard_input_is_said_to_be_missing(tmp_path: Path) -> None:
    with EXAMPLE.open("rb") as stdin:
        investigate(["-"], tmp_path / "case", stdin=stdin)
    packed: Packed = pack(tmp_path / "case", tmp_path / "a.zip")
    assert (packed.originals, packed.unlisted) == (0, 7)


def test_unzip_takes_it_out_as_it_is(case: Path, tmp_path: Path) -> None:
    if shutil.which("unzip") is None:
        lacking("seals", "no unzip")
    pack(case, tmp_path / "a.zip")
    assert run(["unzip", "-q", "a.zip"], cwd=tmp_path).returncode == 0
    assert sums_hold(tmp_path / "evidence-pack").returncode == 0
    assert not (tmp_path / "pwned").exists()
    assert time.gmtime((tmp_path / "evidence-pack" / "SHA256SUMS").stat().st_mtime).tm_year < 1981
