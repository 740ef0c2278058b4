"""A session of a Spark Connect server (`sc://HOST:PORT`): Sail or Apache Spark. Needs
the extra `spark`.

What a server sends back is data. The client would unpickle one kind of message (what a
profiler counted) and import modules that a server names (user-defined types); neither
happens here, nor anywhere else in the process once a session was opened.
Raises:     EngineError where the libraries are missing, nobody listens, or a request
            fails; its line says why.
"""

from __future__ import annotations

import re
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from firsthop.errors import EngineError

SECONDS = 10  # to answer the first knock
RETRIES = 6  # of a request that fails on the way, with pauses of
MOST_MS_BETWEEN = 5_000
_URL = re.compile(r"sc://(\[[0-9A-Fa-f:.]+\]|[^:/;\[\]]+)(?::(\d{1,5}))?(?:/.*)?", re.DOTALL)
_PORT = 15_002  # of Spark Connect
_TRACEBACK = "Traceback (most recent call last):"
_CLIENT = ("pyspark", "grpc", "pyarrow", "google")  # whose errors are told


def spark_session(url: str) -> Any:
    """A session of its own, which has answered."""
    match = _URL.fullmatch(url)
    if match is None:
        raise EngineError(f"{url} is no engine: it is written sc://HOST:PORT")
    try:
        with _named_main():
            from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EngineError(
            f"{url} needs the extra spark: pip install 'firsthop[spark]' ({error})"
        ) from error
    trust_nothing_sent()
    _knock(url, match[1].strip("[]"), int(match[2] or _PORT))
    with told(url, "the first request"):
        session = SparkSession.builder.remote(url).create()
        # the client takes what a checkpoint gives for the active session's
        SparkSession._active_session.session = session
        _be_impatient(session)
        session.version  # noqa: B018 - the first request
        return session


@contextmanager
def told(url: str, step: str) -> Iterator[None]:
    """Turns the errors of the client into one line."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _CLIENT:
            raise
        raise EngineError(f"{url} fails at {step}: {_reason(error)}") from error


def trust_nothing_sent() -> None:
    """Takes from the client what would run code that a server sends or names."""
    from pyspark.sql import types  # noqa: PLC0415 - an extra
    from pyspark.sql.connect.client import core  # noqa: PLC0415

    vars(core)["pickleSer"] = _Unread()
    setattr(types.UserDefinedType, "fromJson", classmethod(_refuse_type))  # noqa: B010 - not a name that may be set


class _Unread:
    """Stands where the client would unpickle."""

    @staticmethod
    def loads(_data: bytes) -> tuple[None, None]:
        """Nothing: a count of nobody."""
        return None, None


def _refuse_type(_cls: type, told_of: dict[str, Any]) -> Any:
    from pyspark.errors import PySparkTypeError  # noqa: PLC0415 - an extra

    raise PySparkTypeError(f"a type of the server's own ({told_of.get('pyClass')}) is refused")


def _reason(error: Exception) -> str:
    """Why a request failed, in one line: of a program's traceback what was raised."""
    text = str(error).strip() or type(error).__name__
    if _TRACEBACK in text:
        behind = text.partition(_TRACEBACK)[2].splitlines()[1:]
        raised = (line.strip() for line in behind if line.strip() and line[0] not in " \t")
        return next(raised, "a program on the server failed")
    return text.splitlines()[0]


@contextmanager
def _named_main() -> Iterator[None]:
    """The client takes a program whose main module has no file (`python -c`, a worker
    of pytest) for its own doctests, and ends it."""
    main = sys.modules["__main__"]
    unnamed = not hasattr(main, "__file__")
    if unnamed:
        main.__file__ = "firsthop"
    try:
        yield
    finally:
        if unnamed:
            del main.__file__


def _be_impatient(session: Any) -> None:
    """The client would try a server that went away for ten minutes; now for some 15
    seconds."""
    from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415 - an extra

    warnings.filterwarnings("ignore", re.escape("[RETRIES_EXCEEDED]"))  # an error says so
    policy = DefaultPolicy(max_retries=RETRIES, max_backoff=MOST_MS_BETWEEN)
    session.client.set_retry_policies([policy])


def _knock(url: str, host: str, port: int) -> None:
    """The client would try for ten minutes."""
    try:
        socket.create_connection((host, port), SECONDS).close()
    except OSError as error:
        raise EngineError(f"{url} does not answer: {error.strerror or error}") from error
