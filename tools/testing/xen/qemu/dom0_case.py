# SPDX-License-Identifier: GPL-2.0
"""One way to boot a dom0 on Xen/PPC, and sets of them: all, or a pairwise covering one.

A case says what refhv is told and how the guest ends; on a genuine hypervisor only
vcpus and the end mean anything.  A direct domain gets all the memory that it asks for,
a translated one no more than lies below the I/O hole.
"""

import itertools
from dataclasses import dataclass, fields

import probe_case

AXES: dict[str, tuple] = {
    "mode": ("translated", "direct"),
    "start": ("flat", "of"),
    "rma": (64, 128, 256),
    "mem": (512, 192, 256, 1024, 2048, 4096, 8192),
    "vcpus": (1, 2, 4),
    "upcall": ("faithful", "prompt"),
    "quirks": (False, True),
    "race": ("none", "hpt", "timer", "event"),
    "end": ("poweroff", "reboot", "panic"),
}
# What refhv calls the end, and the machine's memory beside dom0's.
REASON = {"poweroff": "power off", "reboot": "reboot", "panic": "crash"}
# More than this no translated domain has: the I/O hole begins there (ABI 2.4).
MOST_MB = 2048
BESIDE_MB = 1024
# A second domain, which tests dom0 (refhv/probe/peer): where its image is put, its memory.
PEER_AT = 0x30000000
PEER_MB = 128
# Of a direct dom0's peer, where dom0 has memory above the I/O hole: so has the peer then.
LARGE_PEER_MB = 2048
# Machine memory from here to twice of it is hidden by devices.
HOLE_MB = 2048
# The balloon takes whole sections above the real-mode area, and leaves room for its load.
LEAST_ABOVE_MB = 256
# Sizes that the pages of dom0's linear map are told to have.
LINEAR = ("4k", "16m")
# Historical firmware keeps 255 bytes of the command line.
MOST_WORDS = 255


@dataclass(frozen=True)
class Case:
    """One boot."""
    start: str = "flat"
    rma: int = 64
    mem: int = 512
    vcpus: int = 1
    upcall: str = "faithful"
    quirks: bool = False
    race: str = "none"
    end: str = "poweroff"
    mode: str = "translated"
    faults: tuple[str, ...] = ()
    genuine: bool = False
    domu: bool = False
    linear: str = ""

    @property
    def possible(self) -> bool:
        """A domain has at least its real-mode area; what is asked below is rounded up.  The
        hypervisor of 2007 knew no direct mode."""
        return self.mem >= self.rma and not (self.quirks and self.direct)

    @property
    def direct(self) -> bool:
        """Whether the domain keeps the map of its frames itself."""
        return self.mode == "direct"

    @property
    def clamped(self) -> bool:
        """Whether the domain gets less memory than was asked for."""
        return not self.direct and self.mem > MOST_MB

    @property
    def balloons(self) -> bool:
        """Whether memory can be given back and got again."""
        return not self.quirks and not self.genuine and self.gets_mb - self.rma >= LEAST_ABOVE_MB

    @property
    def gets_mb(self) -> int:
        """The memory of the domain."""
        return self.mem if self.direct else min(self.mem, MOST_MB)

    @property
    def machine_mb(self) -> int:
        """The memory of the emulated machine."""
        needed = self.holds_mb
        return needed if needed <= HOLE_MB else needed + HOLE_MB

    @property
    def holds_mb(self) -> int:
        """What of it is memory: all but what devices hide."""
        return self.gets_mb + BESIDE_MB + self.domu * self.peer_mb

    @property
    def name(self) -> str:
        """Words that tell cases apart, also a folder's name."""
        words = ["genuine" if self.genuine else f"{self.start}-{self.rma}-{self.mem}", str(self.vcpus)]
        if not self.genuine:
            words += [self.upcall] + ["quirks"] * self.quirks + ["direct"] * self.direct
            words += ["domu"] * self.domu
            words += [f"race-{self.race}"] * (self.race != "none")
        words += [f"linear-{self.linear}"] * bool(self.linear)
        words += [self.end] * (self.end != "poweroff")
        return "-".join(words + [f"fault-{fault}" for fault in self.faults])

    @property
    def options(self) -> list[str]:
        """The command line of `boot ppc-dom0` for just this case."""
        words = []
        default = Case()
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("faults", "genuine") or value == getattr(default, field.name):
                continue
            words += [f"--{field.name}"] + ([] if value is True else [str(value)])
        return words + [word for fault in self.faults for word in ("--fault", fault)]

    def refhv_words(self, more: str = "") -> str:
        """What stands before " -- " on the machine's command line."""
        words = [f"mode={self.mode}", f"start={self.start}", f"rma={self.rma}", f"mem={self.mem}",
                 f"vcpus={self.vcpus}", f"upcall={self.upcall}"]
        words += ["quirks=historical"] * self.quirks
        words += [f"race={self.race}"] * (self.race != "none")
        words += [f"fault={fault}" for fault in self.faults]
        return " ".join(words + more.split())

    @property
    def peer_mb(self) -> int:
        """The memory of the second domain."""
        return LARGE_PEER_MB if self.direct and self.mem > 2 * HOLE_MB else PEER_MB

    def peer_words(self, image_bytes: int) -> str:
        """The same for the second domain.  With a direct dom0 it comes first in the machine's
        memory: its frames have numbers that dom0 has too, which a translated one could not
        name."""
        return f"domu={PEER_AT:#x}:{image_bytes}:{self.peer_mb}:1" + " domu-first" * self.direct


def everything() -> list[Case]:
    """Every combination, but memory and the end: those go round, so that each value of
    them meets each value, and nearly each pair of values, of the others."""
    axes = {name: values for name, values in AXES.items() if name not in ("mem", "end")}
    product = (dict(zip(axes, values)) for values in itertools.product(*axes.values()))
    cases = []
    for number, case in enumerate(case for case in product if Case(**case, mem=4096).possible):
        # Steps that have no factor in common with the axes' sizes.
        memory = [mem for mem in AXES["mem"] if mem >= case["rma"]]
        turn = number + number // 6 + number // 36 + number // 144
        cases.append(Case(**case, mem=memory[turn % len(memory)],
                          end=AXES["end"][(turn // 7) % len(AXES["end"])]))
    return cases


def pairs(case: Case) -> set[tuple]:
    """All pairs of values that a case covers."""
    return set(itertools.combinations(
        [(axis, getattr(case, axis)) for axis in AXES], 2))


def pairwise() -> list[Case]:
    """Few cases that cover every possible pair of values; always the same ones."""
    product = (Case(**dict(zip(AXES, values))) for values in itertools.product(*AXES.values()))
    chosen = probe_case.covering([case for case in product if case.possible], pairs, attempts=3)
    return sorted(chosen, key=lambda case: case.name)
