"""The signature of a pack, checked by the real ssh-keygen, and its time stamp, made and
checked by the real openssl with an authority of our own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from firsthop.errors import SettingsError
from firsthop.investigation.investigate import investigate
from firsthop.investigation.pack import Asked, pack
from firsthop.publication.pack.howto import SIGNATURE, STAMP
from firsthop.publication.pack.ssh_signature import sign
from firsthop.publication.pack.time_stamp import demand_stamp, request
from tests.children import CompletedProcess, run
from tests.engines import lacking
from tests.publication.packs import unpacked

EXAMPLE = Path(__file__).parents[2] / "examples" / "libero-2014" / "headers.txt"
needs_ssh = pytest.mark.usefixtures("ssh_keygen")
needs_openssl = pytest.mark.usefixtures("openssl")


@pytest.fixture(scope="module")
def ssh_keygen() -> None:
    """The program that signs, or an end of the test."""
    if shutil.which("ssh-keygen") is None:
        lacking("seals", "no ssh-keygen")


@pytest.fixture(scope="module")
def openssl() -> None:
    """The program that stamps, or an end of the test."""
    if shutil.which("openssl") is None:
        lacking("seals", "no openssl")


def shell(command: str, cwd: Path) -> CompletedProcess[str]:
    """A line as the instructions print it."""
    return run(["sh", "-c", command], cwd=cwd)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sealed")
    investigate([EXAMPLE], folder / "case")
    return folder / "case"


@pytest.fixture(scope="module")
def keys(ssh_keygen: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key, one with a passphrase, and that of somebody else."""
    folder = tmp_path_factory.mktemp("keys")
    for name, phrase in (("mine", ""), ("locked", "a phrase"), ("other", "")):
        made = run(["ssh-keygen", "-q", "-t", "ed25519", "-N", phrase, "-f", folder / name])
        assert made.returncode == 0, made.stderr
    return folder


def trusting(keys: Path, name: str, folder: Path) -> None:
    """The receiver's file, as the instructions say."""
    public = " ".join((keys / f"{name}.pub").read_text().split()[:2])
    (folder / "allowed_signers").write_text(f"analyst {public}\n")


@needs_ssh
def test_a_signature_holds_for_the_key_and_for_the_bytes(
    case: Path, keys: Path, tmp_path: Path
) -> None:
    packed = pack(case, tmp_path / "a.zip", Asked(key=keys / "mine"))
    assert packed.signed
    folder = unpacked(tmp_path / "a.zip", tmp_path)
    assert SIGNATURE in (folder / "HOWTO.it.txt").read_text(encoding="utf-8")
    trusting(keys, "mine", folder)
    good = shell(SIGNATURE, folder)
    assert (good.returncode, good.stdout.partition('"')[0]) == (0, "Good ")
    trusting(keys, "other", folder)
    assert shell(SIGNATURE, folder).returncode != 0
    trusting(keys, "mine", folder)
    sums = (folder / "SHA256SUMS").read_bytes()
    (folder / "SHA256SUMS").write_bytes(sums.replace(b"a", b"b", 1))
    assert shell(SIGNATURE, folder).returncode != 0
    (folder / "SHA256SUMS").write_bytes(sums)
    assert shell(SIGNATURE.replace("-n firsthop", "-n file"), folder).returncode != 0


@needs_ssh
def test_a_key_with_a_passphrase_is_one_line(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with pytest.raises(SettingsError, match="has a passphrase") as caught:
        sign(b"x", keys / "locked")
    assert "\n" not in str(caught.value)


@needs_ssh
def test_an_agent_signs_for_such_a_key(keys: Path, tmp_path: Path) -> None:
    """As an operator has it: the key is loaded once, by its passphrase."""
    if shutil.which("ssh-agent") is None:
        pytest.skip("no ssh-agent here")
    (tmp_path / "ask").write_text("#!/bin/sh\necho 'a phrase'\n")
    (tmp_path / "ask").chmod(0o700)
    code = (
        "import sys; from pathlib import Path; "
        "from firsthop.publication.pack.ssh_signature import sign; "
        "print(sign(b'x', Path(sys.argv[1])).decode())"
    )
    (tmp_path / "sign").write_text(
        f'SSH_ASKPASS=./ask SSH_ASKPASS_REQUIRE=force ssh-add -q "{keys}/locked" && '
        f'"{sys.executable}" -c "{code}" "{keys}/locked"'
    )
    done = run(["ssh-agent", "sh", "./sign"], cwd=tmp_path)
    assert done.stdout.startswith("-----BEGIN SSH SIGNATURE-----"), done.stderr


@needs_ssh
@pytest.mark.parametrize("content", [None, b"no key", b"\0" * 100])
def test_what_is_no_key_is_one_line(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "-f key").write_bytes(content)
        (tmp_path / "-f key").chmod(0o600)
    with pytest.raises(SettingsError, match="-f key") as caught:
        sign(b"x", tmp_path / "-f key")
    assert "\n" not in str(caught.value)


def test_without_the_program_it_is_said(
    keys: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="not installed"):
        sign(b"x", keys / "mine")


CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = an authority of the tests
[tsa]
default_tsa = here
[here]
dir = .
serial = ./serial
crypto_device = builtin
signer_cert = ./authority.pem
certs = ./authority.pem
signer_key = ./authority.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
[stamps]
extendedKeyUsage = critical,timeStamping
basicConstraints = critical,CA:TRUE
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A time-stamping authority, in a folder."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "conf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    made = shell(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout authority.key -out authority.pem "
        "-days 30 -config conf -extensions stamps",
        folder,
    )
    assert made.returncode == 0, made.stderr
    return folder


def answered(authority: Path, query: Path, answer: Path) -> bytes:
    done = shell(
        f"openssl ts -reply -config conf -section here -queryfile '{query}' -out '{answer}'",
        authority,
    )
    assert done.returncode == 0, done.stderr
    return answer.read_bytes()


@needs_openssl
def test_a_stamp_is_asked_for_brought_back_and_checked(
    case: Path, authority: Path, tmp_path: Path
) -> None:
    query, answer = tmp_path / "a.tsq", tmp_path / "a.tsr"
    first = pack(case, tmp_path / "a.zip", Asked(request=query))
    answered(authority, query, answer)
    packed = pack(case, tmp_path / "b.zip", Asked(stamp=answer))
    assert packed.sums == first.sums
    assert packed.stamped
    assert packed.stamped.endswith("Z")
    folder = unpacked(tmp_path / "b.zip", tmp_path)
    shutil.copy(authority / "authority.pem", folder)
    assert STAMP in (folder / "HOWTO.en.txt").read_text(encoding="utf-8")
    assert "OK" in shell(STAMP, folder).stdout + shell(STAMP, folder).stderr
    (folder / "SHA256SUMS").write_bytes(b"other\n")
    assert shell(STAMP, folder).returncode != 0
    with pytest.raises(SettingsError, match="stamps other bytes"):
        demand_stamp(answer.read_bytes(), b"other\n", "a.tsr")


@needs_openssl
@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_requests_of_openssl_and_ours_are_answered_alike(
    algorithm: str, authority: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").write_bytes(b"some bytes\n")
    shell(f"openssl ts -query -data data -{algorithm} -cert -no_nonce -out theirs.tsq", tmp_path)
    if algorithm == "sha256":
        assert (tmp_path / "theirs.tsq").read_bytes() == request(b"some bytes\n")
    answer = answered(authority, tmp_path / "theirs.tsq", tmp_path / "a.tsr")
    assert demand_stamp(answer, b"some bytes\n", "a.tsr").hash == algorithm


@needs_openssl
def test_a_damaged_answer_is_one_line(authority: Path, tmp_path: Path) -> None:
    (tmp_path / "q").write_bytes(request(b"x"))
    answer = answered(authority, tmp_path / "q", tmp_path / "a")
    shell("openssl ts -query -data a -sha1 -out q1", tmp_path)
    refused = answered(authority, tmp_path / "q1", tmp_path / "r")
    with pytest.raises(SettingsError, match="refused it"):
        demand_stamp(refused, b"x", "r")
    for end in range(0, len(answer), 7):
        with pytest.raises(SettingsError, match=r"a\.tsr"):
            demand_stamp(answer[:end], b"x", "a.tsr")
    held = 0
    for place in range(0, len(answer), 3):
        damaged = answer[:place] + bytes([answer[place] ^ 0x81]) + answer[place + 1 :]
        try:
            demand_stamp(damaged, b"x", "a.tsr")
            held += 1  # its signature is openssl's business
        except SettingsError as error:
            assert "\n" not in str(error)  # noqa: PT017 - either is right
    assert held < len(answer) / 3


def test_what_is_none_is_none() -> None:
    for data in (b"", b"\x30", b"\x30\x80\0\0", b"\x30\x84\xff\xff\xff\xff", b"\x30\0" * 9, b"PK"):
        with pytest.raises(SettingsError, match="no time stamp"):
            demand_stamp(data, b"x", "a.tsr")
