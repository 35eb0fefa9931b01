# SPDX-License-Identifier: GPL-2.0
"""One way to run a probe on refhv, and sets of them: all, or a pairwise covering one.

A case is what a user can choose on the command line.  Its variables are what an
expected value may name as ${word}; they are computed from the contract, never read
from refhv.
"""

import itertools
import random
from dataclasses import dataclass
from typing import Callable

MEMORY_MB = 512
MACHINE_MB = 2048
PAGE = 4096
# refhv takes it out of its command line; the second domain is a raw blob in memory.
SECOND_AT = 0x30000000
SECOND_MB = 128
# Orders in which a covering set is looked for.
ATTEMPTS = 40

AXES: dict[str, tuple] = {
    "mode": ("translated", "direct"),
    "start": ("of", "flat"),
    "upcall": ("faithful", "prompt"),
    "rma": (64, 128, 256),
    "vcpus": (1, 2, 4),
    "quirks": (False, True),
}


@dataclass(frozen=True)
class Case:
    """One run of a probe."""
    mode: str = "translated"
    start: str = "of"
    upcall: str = "faithful"
    rma: int = 64
    vcpus: int = 1
    quirks: bool = False

    @property
    def possible(self) -> bool:
        """The historical hypervisor knows no direct mode."""
        return not (self.quirks and self.mode == "direct")

    @property
    def kind(self) -> str:
        """Which expectations hold: translated, direct or historical."""
        return "historical" if self.quirks else self.mode

    @property
    def expected_files(self) -> tuple[str, ...]:
        """The files whose lines together say what this case prints."""
        return ("common", "historical") if self.quirks else ("common", "announced", self.mode)

    @property
    def name(self) -> str:
        """Words that tell cases apart, also a folder's name."""
        return f"{self.kind}-{self.start}-{self.upcall}-{self.rma}-{self.vcpus}"

    @property
    def options(self) -> list[str]:
        """The command line of `boot ppc-probe` for just this case."""
        words = ["--mode", self.mode, "--start", self.start, "--upcall", self.upcall,
                 "--rma", str(self.rma), "--vcpus", str(self.vcpus)]
        return words + (["--quirks"] if self.quirks else [])

    def command_line(self, second_bytes: int, guest: str = "", more: str = "") -> str:
        """refhv's words, and the guest's behind " -- "; second_bytes 0: no second domain."""
        words = [f"mode={self.mode}", f"start={self.start}", f"upcall={self.upcall}",
                 f"rma={self.rma}", f"mem={MEMORY_MB}", f"vcpus={self.vcpus}"]
        if self.quirks:
            words.append("quirks=historical")
        if second_bytes:
            words.append(f"domu={SECOND_AT:#x}:{second_bytes}:{SECOND_MB}:1")
        return f"{' '.join(words + more.split())} -- {self.guest_words} {guest}".rstrip()

    @property
    def guest_words(self) -> str:
        """refhv survives every call, the historical hypervisor does not: "daring"."""
        return "daring"

    @property
    def variables(self) -> dict[str, str]:
        """What ${name} in an expected value stands for."""
        rma, memory = self.rma << 20, MEMORY_MB << 20
        table = memory // PAGE * 4
        shared = rma - PAGE
        return {
            "rma": hex(rma), "memory": hex(memory), "rest": hex(memory - rma),
            "rma_unit": f"{rma:x}", "shared": hex(shared), "vcpus": str(self.vcpus),
            "bootargs": self.guest_words,
            # Protocol 2.2 and 2.4: one u32 a page, as high as 64 KB allow below shared_info.
            "table": hex((shared - table) & ~0xffff), "table_bytes": hex(table),
            "pages": hex(memory // PAGE), "machine_pages": str(MACHINE_MB * 256),
            "memory_pages": str(memory // PAGE),
            # ABI 2.1: 1/64 of the memory; the table's size is a power of two.
            "pft": hex((memory // 64 - 1).bit_length()),
        }

    def holds(self, condition: dict[str, tuple[str, ...]]) -> bool:
        """Whether this case is one that name[axis=value|value,...] names."""
        return all(str(getattr(self, axis)) in values for axis, values in condition.items())


def everything() -> list[Case]:
    """The full product of all axes."""
    product = (Case(**dict(zip(AXES, values))) for values in itertools.product(*AXES.values()))
    return [case for case in product if case.possible]


def pairs(case: Case) -> set[tuple]:
    """All pairs of values that a case covers; mode and quirks count as one axis."""
    values = (case.kind, case.start, case.upcall, case.rma, case.vcpus)
    return set(itertools.combinations(enumerate(values), 2))


def _cover(candidates: list, pairs_of: Callable) -> list:
    """Cases that cover every possible pair, found greedily in the given order."""
    missing = set().union(*(pairs_of(case) for case in candidates))
    chosen = []
    while missing:
        best = max(candidates, key=lambda case: len(pairs_of(case) & missing))
        chosen.append(best)
        missing -= pairs_of(best)
    return chosen


def covering(candidates: list, pairs_of: Callable, attempts: int = ATTEMPTS) -> list:
    """Few of some cases that cover every pair any of them has; always the same ones."""
    candidates = list(candidates)
    best = _cover(candidates, pairs_of)
    for seed in range(attempts):
        random.Random(seed).shuffle(candidates)
        best = min(best, _cover(candidates, pairs_of), key=len)
    return best


def pairwise() -> list[Case]:
    """Few cases that cover every possible pair of values; always the same ones."""
    return sorted(covering(everything(), pairs), key=lambda case: (case.kind, case.name))
