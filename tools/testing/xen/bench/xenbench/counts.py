# SPDX-License-Identifier: GPL-2.0
"""From the plugin's counts to the rows of the table.

A row's transitions are sorted by kind:
  a hypercall's name   the guest kernel asked for it, as a trap of its own
  syscall              a system call of user space, which Xen hands on
  user fault           a page fault of user space, which Xen hands on
  kernel fault         a page fault of the guest kernel, mostly an emulated write
  instruction          a privileged instruction of the guest kernel, trapped
  interrupt            whatever a device or timer interrupted
  NAME                 any other exception, by Xen's name for it
The kinds add up to the transitions; the plugin counts both independently, and
a disagreement is an error rather than a figure.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from .hypervisor import EMULATIONS, SYSCALL_ENTRY, Hypervisor

REGIONS = ("user", "kernel", "xen")
ENTRY_KINDS = {
    ("page_fault", "user"): "user fault",
    ("page_fault", "kernel"): "kernel fault",
    ("general_protection", "kernel"): "instruction",
    ("autogen_stubs", "user"): "interrupt",
    ("autogen_stubs", "kernel"): "interrupt",
}


class Inconsistent(Exception):
    """Counts that contradict each other: no figure may be made of them."""


@dataclass
class Row:
    """Counts of one operation, as totals over all iterations."""
    name: str
    iterations: int
    insns: dict[str, int]
    kinds: dict[str, int]
    suboperations: dict[str, int]
    emulated: dict[str, int]
    blocks: list = field(default_factory=list)

    def per_op(self, total: int) -> float:
        """A total per operation."""
        return total / self.iterations

    @property
    def transitions(self) -> float:
        """Ways into Xen per operation, of any kind."""
        return self.per_op(sum(self.kinds.values()))

    @property
    def kernel(self) -> float:
        """Instructions of the guest kernel per operation."""
        return self.per_op(self.insns["kernel"])

    @property
    def xen(self) -> float:
        """Instructions of Xen per operation."""
        return self.per_op(self.insns["xen"])

    @property
    def both(self) -> float:
        """Instructions of guest kernel and Xen per operation."""
        return self.kernel + self.xen

    def to_json(self) -> dict:
        """The row for a result file."""
        return {
            "name": self.name, "iterations": self.iterations,
            "insns": self.insns, "transitions": dict(sorted(self.kinds.items())),
            "suboperations": dict(sorted(self.suboperations.items())),
            "emulated": dict(sorted(self.emulated.items())),
            "per_operation": {
                "transitions": round(self.transitions, 4), "kernel": round(self.kernel, 2),
                "xen": round(self.xen, 2), "kernel+xen": round(self.both, 2),
            },
        }

    @classmethod
    def from_json(cls, data: dict) -> "Row":
        """The opposite of to_json(); raises KeyError or TypeError on other data."""
        return cls(data["name"], int(data["iterations"]),
                   {region: int(data["insns"][region]) for region in REGIONS},
                   dict(data["transitions"]), dict(data["suboperations"]),
                   dict(data["emulated"]))


def classify(name: str, iterations: int, counts: dict, xen: Hypervisor) -> Row:
    """One line of the plugin's output as a row, after checking that it adds up."""
    kinds: dict[str, int] = {}
    by_syscall = {"user": 0, "kernel": 0}
    for address, origin, count in counts["entries"]:
        if xen.symbols.within(address):
            function = xen.symbols.function(address)
            kind = ENTRY_KINDS.get((function, origin), function)
            kinds[kind] = kinds.get(kind, 0) + count
        else:
            by_syscall[origin] += count
    if by_syscall["user"]:
        kinds["syscall"] = by_syscall["user"]
    for hypercall, count in counts["hypercalls"].items():
        kinds[hypercall] = kinds.get(hypercall, 0) + count
    if counts["unnamed"]:
        kinds["unnamed"] = counts["unnamed"]

    hypercalls = sum(counts["hypercalls"].values()) + counts["unnamed"]
    for what, left, right in (
            ("hypercalls", by_syscall["kernel"], hypercalls),
            ("dispatched hypercalls", by_syscall["kernel"],
             counts["gates"].get("pv_hypercall", 0)),
            ("system calls and hypercalls", sum(by_syscall.values()),
             counts["events"].get(SYSCALL_ENTRY, 0))):
        if left != right:
            raise Inconsistent(f"{name}: {what}: {left} entries into Xen, but {right} handled")
    emulated = {label: counts["events"][function] for function, label in EMULATIONS.items()
                if counts["events"].get(function)}
    return Row(name, iterations, counts["insns"], kinds, counts["suboperations"], emulated,
               counts.get("blocks", []))


def read(path: Path, rows: list[tuple[str, int]], xen: Hypervisor) -> list[Row]:
    """All rows of a run: the plugin's lines and the guest's names belong together in order."""
    lines = path.read_text().splitlines()
    if len(lines) != len(rows):
        raise Inconsistent(f"{len(rows)} operations ran, but {len(lines)} were counted")
    return [classify(name, iterations, json.loads(line), xen)
            for (name, iterations), line in zip(rows, lines)]
