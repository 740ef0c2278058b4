"""Sites that everybody reads: that two messages lead there says nothing of who wrote
them. For links alone: no verdict, contact or list that blocks asks it.

Source:     well_known_sites.toml, which names its own.
"""

from __future__ import annotations

from importlib import resources

from firsthop.evidence.host.names import registrable_domain
from firsthop.system.toml_tables import read_table

_DOMAINS = frozenset(
    read_table(resources.files(__package__).joinpath("well_known_sites.toml"))["domains"]
)


def is_well_known(host: str) -> bool:
    """Whether a host, in lower case, is a well-known site's."""
    return registrable_domain(host) in _DOMAINS
