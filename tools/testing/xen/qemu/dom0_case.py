# SPDX-License-Identifier: GPL-2.0
"""One way to boot a dom0 on Xen/PPC, and sets of them: all, or a pairwise covering one.

A case says what refhv is told and how the guest ends; on a genuine hypervisor only
vcpus and the end mean anything.
"""

import itertools
from dataclasses import dataclass, fields

import probe_case

AXES: dict[str, tuple] = {
    "start": ("flat", "of"),
    "rma": (64, 128, 256),
    "mem": (512, 192, 256, 1024, 2048, 4096),
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
# Machine memory from here to twice of it is hidden by devices.
HOLE_MB = 2048
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
    faults: tuple[str, ...] = ()
    genuine: bool = False

    @property
    def possible(self) -> bool:
        """A domain has at least its real-mode area; what is asked below is rounded up."""
        return self.mem >= self.rma

    @property
    def clamped(self) -> bool:
        """Whether the domain gets less memory than was asked for."""
        return self.mem > MOST_MB

    @property
    def gets_mb(self) -> int:
        """The memory of the domain."""
        return min(self.mem, MOST_MB)

    @property
    def machine_mb(self) -> int:
        """The memory of the emulated machine."""
        needed = self.gets_mb + BESIDE_MB
        return needed if needed <= HOLE_MB else needed + HOLE_MB

    @property
    def name(self) -> str:
        """Words that tell cases apart, also a folder's name."""
        words = ["genuine" if self.genuine else f"{self.start}-{self.rma}-{self.mem}", str(self.vcpus)]
        if not self.genuine:
            words += [self.upcall] + ["quirks"] * self.quirks
            words += [f"race-{self.race}"] * (self.race != "none")
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
        words = ["mode=translated", f"start={self.start}", f"rma={self.rma}", f"mem={self.mem}",
                 f"vcpus={self.vcpus}", f"upcall={self.upcall}"]
        words += ["quirks=historical"] * self.quirks
        words += [f"race={self.race}"] * (self.race != "none")
        words += [f"fault={fault}" for fault in self.faults]
        return " ".join(words + more.split())


def everything() -> list[Case]:
    """Every combination, but memory and the end: those go round, so that each value of
    them meets each value, and nearly each pair of values, of the others."""
    axes = {name: values for name, values in AXES.items() if name not in ("mem", "end")}
    cases = []
    for number, values in enumerate(itertools.product(*axes.values())):
        case = dict(zip(axes, values))
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
