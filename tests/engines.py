"""Programs beside Python that tests start: mail filters, a browser, a reader of abuse
reports. `.ci/run` installs them; FIRSTHOP_NOT_TO_BE_HAD names those that it could not
get from Debian's registry, and their tests skip. Under CI=true any other that is
missing fails its tests; elsewhere they skip."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacking(name: str, what: str) -> NoReturn:
    """Ends a test whose program is not there: `name` as `.ci/run` calls it, and `what`
    to tell."""
    known = os.environ.get("FIRSTHOP_NOT_TO_BE_HAD", "").split()
    if os.environ.get("CI") == "true" and name not in known:
        pytest.fail(f"{what}: .ci/run installs it")
    pytest.skip(what)
