"""Puts the native kernel (kernel/) into a wheel, or beside the sources of an editable
install, where cargo is. Where it is not, or the build fails, firsthop is installed
without, and reads the same in Python: that is one line of the build's output, no error.
"""

from __future__ import annotations

import sys
import sysconfig
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KernelHook(BuildHookInterface):
    """Adds the library; the wheel is of this platform then, and of any Python 3."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        sys.path.insert(0, self.root)
        from kernel.build import NAME, PLACE, build, put_into_tree  # noqa: PLC0415 - lies beside this file

        built = build()
        if built.library is None:
            self.app.display_info(f"firsthop: no native kernel ({built.reason}): reads in Python")
        else:
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{platform}"
        if version == "editable":
            put_into_tree(built)
        elif built.library is not None:
            build_data["force_include"][str(built.library)] = f"{PLACE}/{NAME}"
