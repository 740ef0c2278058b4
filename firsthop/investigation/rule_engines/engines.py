"""The engines by name; each is loaded when it is asked for."""

from __future__ import annotations

import importlib

from firsthop.errors import SettingsError
from firsthop.investigation.rule_engines.run import Run

ENGINES = ("spamassassin", "rspamd", "postfix", "sieve", "exim", "yara", "sigma")
_PACKAGE = "firsthop.investigation.rule_engines"


def engine_called(name: str) -> Run:
    """What runs the engine of that name. SettingsError where there is none."""
    if name not in ENGINES:
        raise SettingsError(f"{name!r} is no engine: {', '.join(ENGINES)}")
    run: Run = importlib.import_module(f"{_PACKAGE}.{name}").run
    return run
