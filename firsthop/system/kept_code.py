"""Keeps the code that Python makes of functions which the program writes itself, as it
keeps that of a module: of descriptions of its own alone, never of what came with a mail
or from the operator (kept_pieces.py)."""

from __future__ import annotations

import sys
from types import CodeType

from firsthop.system.kept_pieces import KeptPieces, place_beside

MAX_KEPT = 1_024  # functions: the program writes some hundred


def code_of(text: str, name: str, mode: str = "exec") -> CodeType:
    """What `compile` makes of a text, sooner where it was made before."""
    key = text, name, mode
    code = _kept.get(key)
    if not isinstance(code, CodeType):
        code = compile(text, name, mode, dont_inherit=True)
        _kept.add(key, code)
    return code


_kept = KeptPieces(place_beside(__spec__.cached or __file__), lambda: sys.version, lambda: MAX_KEPT)
