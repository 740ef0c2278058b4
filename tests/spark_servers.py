"""Spark Connect servers for tests: Sail, started here, and Apache Spark where
FIRSTHOP_SPARK names a server (sc://HOST:PORT).

Without pysail or the client the tests skip; under CI=true on Python 3.11 they fail, so
that a green run has compared the engines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec

import pytest


def need(*modules: str) -> None:
    """Skips, or fails, without some modules."""
    missing = [name for name in modules if find_spec(name) is None]
    if missing and os.environ.get("CI") == "true" and sys.version_info[:2] == (3, 11):
        pytest.fail(f"{', '.join(missing)} is not installed")
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")


@pytest.fixture(scope="module")
def sail() -> Iterator[str]:
    """The URL of a Sail server."""
    need("pysail", "pyspark", "pyarrow", "grpc")
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    yield f"sc://127.0.0.1:{server.listening_address[1]}"
    server.stop()


@pytest.fixture(scope="module")
def spark() -> str:
    """The URL of a server of Apache Spark."""
    if "FIRSTHOP_SPARK" not in os.environ:
        pytest.skip("FIRSTHOP_SPARK names no server")
    return os.environ["FIRSTHOP_SPARK"]
