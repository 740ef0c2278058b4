"""Through which platform a message came, by the names in it: a mail provider or a
sending service (evidence/identity/shared_hosts.py)."""

from __future__ import annotations

from firsthop.campaign.features.families import FAMILIES
from firsthop.evidence.identity.shared_hosts import shared_host

NAMING = frozenset({"helo_domain", "relay_domain", "dkim_key", "id_domain"})
_VIEWS = frozenset({"software", "relation"})
# families whose values programs make; hosts of the platform itself name it, and
# addresses are everybody's by other rules
MADE = frozenset(
    name
    for name, family in FAMILIES.items()
    if not family.own and (family.view in _VIEWS or name == "author_domain")
)


def platform_named(family: str, value: str) -> str | None:
    """The operator of the provider or service that a value names, if it names one."""
    if family not in NAMING:
        return None
    shared = shared_host(value.partition(" ")[0])
    return shared.operator if shared and shared.kind in ("provider", "service") else None
