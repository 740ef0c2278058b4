"""What all tests share: the corpora of real mail, the unpacked messages, the hypothesis
profile, and no network.

The corpora do not belong to the repository. FIRSTHOP_CORPORA says where they lie, by
default `../shared/corpora` beside it. Without them the tests that need them skip; under
CI=true they fail, so that a green run has read real mail."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.spark_servers import sail, spark

__all__ = ["sail", "spark"]  # fixtures of several folders

ROOT = Path(__file__).resolve().parents[1]
UNPACKING_SECONDS = 300

settings.register_profile("firsthop", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("firsthop")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the corpora is marked `corpora`, so that `-m "not corpora"`
    leaves out exactly what reads them: no test has to remember the mark."""
    for item in items:
        if {"corpora", "corpus_messages"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("corpora")


def pytest_collection_finish() -> None:
    """The collector of garbage goes through what lives as long as the run once, and not
    with each of the heaps that tests make."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """As it was: libraries look for what is left behind when Python ends."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of the corpora."""
    folder = (ROOT / os.environ.get("FIRSTHOP_CORPORA", "../shared/corpora")).resolve()
    if not folder.is_dir():
        missing = f"no corpora at {folder}: set FIRSTHOP_CORPORA"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return folder


@pytest.fixture(scope="session")
def corpus_messages(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of the unpacked messages, `.../shared` with MANIFEST.tsv and
    SOURCE/LABEL/FILE; unpacked once a run, whatever the number of workers."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # the folder that all workers of this run share
    target = base / "corpus-messages"
    done = base / "corpus-messages.done"
    try:
        target.mkdir()  # whoever makes it unpacks
    except FileExistsError:
        _wait_for(done)
    else:
        _unpack(corpora / "messages.tar.xz", target)
        done.touch()
    return target / "shared"


def _unpack(archive: Path, target: Path) -> None:
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):  # 3.11.4 and later
            tar.extractall(target, filter="data")
        else:
            tar.extractall(target)


def _wait_for(done: Path) -> None:
    end = time.monotonic() + UNPACKING_SECONDS
    while not done.exists():
        if time.monotonic() > end:
            pytest.fail(
                f"another worker did not finish unpacking the messages within {UNPACKING_SECONDS} s"
            )
        time.sleep(0.1)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """A test that reaches beyond this machine fails; loopback and Unix sockets stay
    open."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _local_only(getattr(socket.socket, name)))
        yield


def _local_only(call: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *args: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(args[-1][0]):
            self.close()
            pytest.fail(f"a test reached for the network: {args[-1][0]}")
        return call(self, *args)

    return guarded


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
