# SPDX-License-Identifier: GPL-2.0
"""Function symbols of an ELF file, by name and by address, as `nm` prints them.

Names of C++ are shown without parameter and template lists.

Limits: of several names at one address one is shown, preferably one that is
not a section's or linker's (with a leading underscore).
"""

import bisect
import re
import subprocess
from pathlib import Path

from tree import Missing

NM_TIMEOUT = 60
CODE = "tTwW"


def without_lists(name: str) -> str:
    """A demangled name up to its parameters, with template lists left out."""
    while (shorter := re.sub(r"<[^<>]*>|\([^()]*\)|\[[^][]*\]", "", name)) != name:
        name = shorter
    # What stands before a function's name is its return type.
    head, _, clones = name.replace(" const", "").partition(" [")
    return " ".join(head.split()).rsplit(" ", 1)[-1] + clones


def preference(name: str) -> tuple[bool, str]:
    """Sorts the names of one address, the one to show first."""
    return name.startswith("_"), name


class Symbols:
    """The code symbols of one file."""

    def __init__(self, listing: str) -> None:
        """listing: the output of nm."""
        self._address: dict[str, int] = {}
        names: dict[int, str] = {}
        for line in listing.splitlines():
            fields = line.split(maxsplit=2)
            if len(fields) != 3 or fields[1] not in CODE:
                continue
            address, name = int(fields[0], 16), without_lists(fields[2].removeprefix("."))
            self._address.setdefault(name, address)
            names[address] = min(name, names.get(address, name), key=preference)
        self._sorted = sorted(names.items())
        self._starts = [address for address, _ in self._sorted]

    @classmethod
    def of(cls, path: Path, cross: str = "") -> "Symbols":
        """Read a file's symbols; Missing says which package nm comes from.

        cross: prefix of another architecture's tools.  Code symbols of ppc64 begin
        with a dot, which is left out.
        """
        try:
            done = subprocess.run([f"{cross}nm", "-C", str(path)], capture_output=True,
                                  text=True, timeout=NM_TIMEOUT, check=False)
        except FileNotFoundError:
            raise Missing(f"no {cross}nm: install the package binutils"
                          f"{'-' if cross else ''}{cross.removesuffix('-')}") from None
        if done.returncode:
            raise Missing(f"nm cannot read {path}: {done.stderr.strip()}")
        return cls(done.stdout)

    def address(self, name: str) -> int | None:
        """Where a function starts, or None."""
        return self._address.get(name)

    def function(self, address: int) -> str | None:
        """The function an address lies in: the last that starts at or before it."""
        at = bisect.bisect_right(self._starts, address) - 1
        return self._sorted[at][1] if at >= 0 else None

    def within(self, address: int) -> bool:
        """Whether an address lies between the first and the last symbol."""
        return bool(self._starts) and self._starts[0] <= address <= self._starts[-1]
