"""What mail clients leave in a message, as tables: `mailers/*.toml`. Says which marks a message meets or lacks; it gives no verdict.

name, source                 the program and where its marks are known from
claims                       pattern on X-Mailer / User-Agent by which a message names the program (left out: never named)
looks_like = true            may be named as what a message looks like, never as one tool for sure
[message_id] rewritten       pattern of ids that a relay put in place of the program's own
[[message_id.mark]]          name, pattern: each must hold for an id the program made
[[example]]                  message_id, fails: the names of the marks it lacks
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from firsthop.tables import demand, package_tables


@dataclass(frozen=True, slots=True)
class Profile:
    """One program's marks."""

    key: str
    name: str
    source: str
    claims: re.Pattern[str] | None
    looks_like: bool
    rewritten: re.Pattern[str] | None
    marks: tuple[tuple[str, re.Pattern[str]], ...]
    examples: tuple[dict[str, Any], ...]

    def lacks(self, message_id: str) -> tuple[str, ...]:
        """The names of the marks that a Message-ID does not meet, in the table's order."""
        return tuple(name for name, pattern in self.marks if not pattern.search(message_id))

    def is_rewritten(self, message_id: str) -> bool:
        """Whether a relay is known to have replaced the id."""
        return bool(self.rewritten and self.rewritten.search(message_id))


def _profile(key: str, table: dict[str, Any]) -> Profile:
    where = f"mailers/{key}.toml"
    demand(where, table, {"name", "source", "claims", "looks_like", "message_id", "example"}, {"name", "source", "message_id", "example"})
    ids = table["message_id"]
    demand(f"{where} message_id", ids, {"rewritten", "mark"}, {"mark"})
    return Profile(
        key,
        table["name"],
        table["source"],
        re.compile(table["claims"]) if "claims" in table else None,
        table.get("looks_like", False),
        re.compile(ids["rewritten"]) if "rewritten" in ids else None,
        tuple((mark["name"], re.compile(mark["pattern"])) for mark in ids["mark"]),
        tuple(table["example"]),
    )


PROFILES = {key: _profile(key, table) for key, table in package_tables("firsthop.evidence", "mailers")}


def claimed_profile(mailer: str) -> Profile | None:
    """The profile of the program that an X-Mailer text names, or None where no table knows it."""
    return next((p for p in PROFILES.values() if p.claims and p.claims.search(mailer)), None)


def looks_like(message_id: str) -> tuple[Profile, ...]:
    """The programs whose Message-ID shape this is."""
    return tuple(p for p in PROFILES.values() if p.looks_like and not p.lacks(message_id))
