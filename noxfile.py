"""The project's checks as sessions, each in an environment of its own.

    nox                 lint, types, tests on every Python that is there, docs
    nox -s tests-3.13   one session
    nox -s quick        the tests that need no corpus and no patience

CI runs `tests/run`, which is the same checks in one environment on one Python."""

from __future__ import annotations

import nox

VERSIONS = ["3.11", "3.12", "3.13", "3.14"]
nox.options.error_on_missing_interpreters = False  # what is not here is left out, and said
nox.options.sessions = ["lint", "types", "tests", "docs"]


def install(session: nox.Session) -> None:
    """The locked dependencies, then the package itself as a checkout has it."""
    session.install("-q", "-r", "requirements.lock")
    session.install("-q", "--no-deps", "-e", ".")


@nox.session(python=VERSIONS[0])
def lint(session: nox.Session) -> None:
    """Lint, format, and the layers of the house."""
    install(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session(python=VERSIONS[0])
def types(session: nox.Session) -> None:
    """mypy in strict mode, over the package and what surrounds it."""
    install(session)
    session.run("mypy")


@nox.session(python=VERSIONS)
def tests(session: nox.Session) -> None:
    """All tests; what follows -- goes to pytest."""
    install(session)
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session(python=VERSIONS[0])
def quick(session: nox.Session) -> None:
    """The tests that need no corpus and no patience."""
    install(session)
    session.run("pytest", "-n", "auto", "-m", "not corpora and not slow", *session.posargs)


@nox.session(python=VERSIONS[0])
def docs(session: nox.Session) -> None:
    """That the generated pages are what the program writes now."""
    install(session)
    session.run("python", "-m", "docs.generate", "--check")
