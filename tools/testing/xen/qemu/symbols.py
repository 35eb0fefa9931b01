# SPDX-License-Identifier: GPL-2.0
"""Makes traces readable: C++ names demangled, symbol+offset turned into lines.

Both are best effort: without c++filt, a vmlinux with line numbers, or the
kernel's faddr2line, the text stays as it was.
"""

import re
import shutil
import subprocess
from pathlib import Path

import tree

MANGLED = re.compile(r"\b_Z[A-Za-z0-9_]+")
PLACE = re.compile(r"\b([A-Za-z_][\w.]*\+0x[0-9a-f]+/0x[0-9a-f]+)")
MOST_PLACES = 24
LIMIT_S = 30


class Demangler:
    """Replaces C++ symbols in lines; asks c++filt once per symbol."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._tool = shutil.which("c++filt")

    def _plain(self, symbol: str) -> str:
        if symbol not in self._known:
            self._known[symbol] = symbol
            if self._tool:
                done = subprocess.run([self._tool, symbol], capture_output=True, text=True,
                                      timeout=LIMIT_S)
                self._known[symbol] = done.stdout.strip() or symbol
        return self._known[symbol]

    def __call__(self, line: str) -> str:
        return MANGLED.sub(lambda found: self._plain(found.group(0)), line)


def places(lines: list[str], vmlinux: Path | None) -> list[str]:
    """Source lines of the symbol+offset places in a trace, as faddr2line has them."""
    tool = next((source / "scripts/faddr2line" for source in (tree.LINUX, tree.BUILD / "cport")
                 if (source / "scripts/faddr2line").is_file()), None)
    wanted = list(dict.fromkeys(place for line in lines for place in PLACE.findall(line)))
    if not (tool and vmlinux and wanted):
        return []
    try:
        done = subprocess.run([str(tool), str(vmlinux), *wanted[:MOST_PLACES]],
                              capture_output=True, text=True, timeout=LIMIT_S)
    except (OSError, subprocess.TimeoutExpired):
        return []
    found = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    return found if any(re.search(r":\d+", line) for line in found) else []
