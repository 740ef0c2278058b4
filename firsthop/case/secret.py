"""The key of a case's pseudonyms: 32 random bytes in a file of their own, made when
they are first asked for.

Form:       `pseudonyms.key`, 64 hexadecimal digits, readable by its owner alone (0600).
Never:      is part of the case's record: the journal does not list it, no publication
            and no evidence pack may hold it. Whoever has it can prove which address a
            pseudonym stands for; without it nobody can, and a lost key cannot be made
            again.
Raises:     CaseError for a key that is damaged, or is no file of its own.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from firsthop.errors import CaseError

KEY_FILE = "pseudonyms.key"
KEY_BYTES = 32
_OWNER_ONLY = 0o600


def case_key(case: Path) -> bytes:
    """The key of a case folder; made and kept there where it has none."""
    path = case / KEY_FILE
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError:
        return _read(path)
    key = secrets.token_bytes(KEY_BYTES)
    with os.fdopen(made, "w", encoding="ascii") as file:
        file.write(f"{key.hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def _read(path: Path) -> bytes:
    """The key in a file; one that others could read is closed to them first."""
    if path.is_symlink() or not path.is_file():
        raise CaseError(f"{path}: the key of the pseudonyms is no file of the case")
    if path.stat().st_mode & 0o077:
        path.chmod(_OWNER_ONLY)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise CaseError(
            f"{path}: the key of the pseudonyms is damaged; without it nobody can make the same "
            f"pseudonyms again"
        )
    return key
