"""Signs with an SSH key, by `ssh-keygen -Y sign` (OpenSSH 8.1 and later; its form is
PROTOCOL.sshsig): most operators have such a key, most receivers the program.

Never:      starts a shell, asks for a passphrase, or reads the key itself: a key with a
            passphrase signs by the agent that holds it.
Raises:     SettingsError, one line, where nothing was signed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from firsthop.errors import SettingsError
from firsthop.system.given_file import demand_regular

NAMESPACE = "firsthop"  # what the signature is for: none for another use passes for it
SECONDS = 60  # a key on a token waits to be touched
_ARMOUR = b"-----BEGIN SSH SIGNATURE-----"


def sign(data: bytes, key: Path) -> bytes:
    """The signature of some bytes, armoured, by the key in a file: a private one, or
    the public one of a key that the agent holds."""
    program = shutil.which("ssh-keygen")
    if program is None:
        raise SettingsError("--sign needs ssh-keygen, which is not installed (OpenSSH)")
    demand_regular(key)
    command = [program, "-Y", "sign", "-n", NAMESPACE, "-f", os.path.abspath(key)]  # noqa: PTH100
    try:
        done = subprocess.run(  # noqa: S603 - no shell, an absolute path
            command,
            input=data,
            capture_output=True,
            env=os.environ | {"SSH_ASKPASS_REQUIRE": "never", "LC_ALL": "C"},
            start_new_session=True,  # no terminal to ask on
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SettingsError(f"--sign {key}: ssh-keygen did not sign: {error}") from error
    if done.returncode or not done.stdout.startswith(_ARMOUR):
        raise SettingsError(f"--sign {key}: {_why(done.stderr)}")
    return done.stdout


def _why(told: bytes) -> str:
    if b"passphrase" in told:
        return (
            "the key has a passphrase, and nothing asks for it here: load the key into the agent "
            "first (ssh-add)"
        )
    lines = told.decode("utf-8", "backslashreplace").split("\n")
    said = [line.strip() for line in lines if line.strip() and "Signing data" not in line]
    return f"ssh-keygen did not sign: {said[-1] if said else 'it says nothing'}"
