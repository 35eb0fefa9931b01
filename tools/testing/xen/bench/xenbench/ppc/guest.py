# SPDX-License-Identifier: GPL-2.0
"""The measured user space for ppc64, big-endian, and QEMU's plugin that counts it."""

from pathlib import Path

from ..guest import MARKS, PLUGIN_FLAGS, PROGRAM_FLAGS, archive_of, compile_all
from ..symbols import Symbols

CROSS = "powerpc64-linux-gnu-"
# The oldest processor that Xen/PPC ran on, without vectors.
MACHINE_FLAGS = ["-mcpu=power4", "-mno-altivec", "-mno-vsx"]


class Guest:
    """The built micro-benchmark and plugin."""

    def __init__(self, folder: Path) -> None:
        """Build both into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        program = folder / "micro-ppc64"
        self.plugin = folder / "calls.so"
        compile_all(["guest/*.c"], [*PROGRAM_FLAGS, *MACHINE_FLAGS], program, CROSS)
        compile_all(["plugin-ppc/*.c", "plugin/profile.c"], PLUGIN_FLAGS, self.plugin)
        symbols = Symbols.of(program, CROSS)
        self.marks = {name: symbols.address(mark) for name, mark in MARKS.items()}
        self.initramfs = archive_of(program)
