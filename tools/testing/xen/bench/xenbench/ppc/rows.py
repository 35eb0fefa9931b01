# SPDX-License-Identifier: GPL-2.0
"""From the plugin's counts to the rows of the table.

A row has samples of n and of 2 n iterations, in turn.  Ticks come by the clock
and not by the operation, and what Linux defers to a tick comes with it.  So only
samples with the same number of interrupts are compared: without any, where both
sides have enough of these, else with the smallest number of which both have enough.
A figure is the difference of the two medians, that is n iterations without what every
sample has once.  If only the shorter samples escape interrupts, or none do, the
shorter ones count alone, for in the kernel there is next to nothing that a sample has
once.  Noise is half the quartile distance of either kind: a sample is about as likely
within it as not.

Budget rows are sums over all samples: hypercalls for each time an idle processor
was woken, for each timer that expired, for each interrupt sent.
"""

import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path

# Samples with one number of interrupts that are enough to leave the others aside.
ENOUGH = 5
# More interrupts than that come in no sample of a machine that can be measured on.
MOST_INTERRUPTS = 20


class Inconsistent(Exception):
    """Counts that contradict each other: no figure may be made of them."""


def spread(counts: list[int]) -> float:
    """Half the distance of the quartiles."""
    if len(counts) < 2:
        return 0.0
    low, _, high = statistics.quantiles(counts, n=4, method="inclusive")
    return (high - low) / 2


@dataclass
class Figure:
    """A count per operation, and how far it can be relied on."""
    value: float
    noise: float

    @classmethod
    def of(cls, n: int, single: list[int], double: list[int]) -> "Figure":
        """From counts of samples of n, and of 2 n, iterations; there may be none of 2 n."""
        if not double:
            return cls(statistics.median(single) / n, spread(single) / n)
        value = (statistics.median(double) - statistics.median(single)) / n
        return cls(value, max(spread(single) / n, spread(double) / n / 2))

    def to_json(self) -> list[float]:
        """For a result file."""
        return [round(self.value, 4), round(self.noise, 4)]


@dataclass
class Row:
    """One operation on one side, per operation."""
    name: str
    iterations: int
    calls: Figure
    kernel: Figure
    hypervisor: Figure
    kinds: dict[str, float] = field(default_factory=dict)
    interrupts: int = 0

    def to_json(self) -> dict:
        """The row for a result file."""
        return {"name": self.name, "iterations": self.iterations,
                "interrupts": self.interrupts,
                "calls": self.calls.to_json(), "kernel": self.kernel.to_json(),
                "hypervisor": self.hypervisor.to_json(),
                "kinds": {kind: round(n, 3) for kind, n in sorted(self.kinds.items())}}

    @classmethod
    def from_json(cls, data: dict) -> "Row":
        """The opposite of to_json(); raises KeyError or TypeError on other data."""
        return cls(data["name"], int(data["iterations"]), Figure(*data["calls"]),
                   Figure(*data["kernel"]), Figure(*data["hypervisor"]), dict(data["kinds"]),
                   int(data["interrupts"]))


@dataclass
class Budget:
    """Hypercalls for one of what a budget is for."""
    name: str
    spent: float
    events: int

    def to_json(self) -> dict:
        """The figure for a result file."""
        return {"name": self.name, "spent": round(self.spent, 4), "events": self.events}

    @classmethod
    def from_json(cls, data: dict) -> "Budget":
        """The opposite of to_json(); raises KeyError or TypeError on other data."""
        return cls(data["name"], float(data["spent"]), int(data["events"]))


def read(path: Path, rows: list[tuple[str, int]], samples: int) \
        -> tuple[list[tuple[str, int, list]], list[int]]:
    """The lines of each row, and each processor's traps since the start."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    if not lines or "total" not in lines[-1]:
        raise Inconsistent("the plugin was not at the end of its counts")
    total = lines.pop()["total"]
    each = 2 * samples
    if len(lines) != each * len(rows):
        raise Inconsistent(f"{len(rows)} operations of {each} samples ran, "
                           f"but {len(lines)} samples were counted")
    return [(name, n, lines[i * each:(i + 1) * each])
            for i, (name, n) in enumerate(rows)], total


def interrupts(line: dict) -> int:
    """How many interrupts came during a sample."""
    return sum(line["decrementers"]) + sum(line["externals"])


@dataclass
class Usable:
    """The samples of one side to make figures of, and the interrupts of each."""
    single: list[dict]
    double: list[dict]
    interrupts: int


def usable(sides: list[list[dict]]) -> list[Usable]:
    """What can be compared of the samples that all sides have of a row."""
    for number in range(MOST_INTERRUPTS + 1):
        single, double = ([[line for line in lines[first::2] if interrupts(line) == number]
                           for lines in sides] for first in (0, 1))
        if any(len(lines) < ENOUGH for lines in single):
            continue
        if number or any(len(lines) < ENOUGH for lines in double):
            double = [[] for _ in sides]
        return [Usable(*of, number) for of in zip(single, double)]
    raise Inconsistent("no number of interrupts came in enough samples: the machine is too slow "
                       "or too busy")


def compared(name: str, n: int, samples: Usable, kind_of) -> Row:
    """A row that is compared with the other side's."""
    def figure(count) -> Figure:
        return Figure.of(n, [count(line) for line in samples.single],
                         [count(line) for line in samples.double])

    kinds: dict[str, float] = {}
    for line in samples.single:
        for _, site, caller, count in line["sites"]:
            kind = kind_of(site, caller)
            kinds[kind] = kinds.get(kind, 0) + count / n / len(samples.single)
    return Row(name, n, figure(lambda line: sum(line["traps"])),
               figure(lambda line: line["insns"]["kernel"]),
               figure(lambda line: line["insns"]["hypervisor"]), kinds, samples.interrupts)


def budgets(name: str, n: int, lines: list[dict]) -> list[Budget]:
    """What one budget row spent; the processor that ran the marks is the sender's."""
    def total(key: str, mine: bool) -> int:
        return sum(count for line in lines for cpu, count in enumerate(line[key])
                   if (cpu == line["cpu"]) == mine)

    operations = 3 * n * len(lines) // 2
    if name == "idle":
        # The processor sleeps until an interrupt, again and again.  How often Linux's idle
        # loop went round says less: it turns while an interrupt of QEMU's is late.
        woken = max(total("decrementers", True), total("externals", True))
        return [Budget("idle", total("traps", True) / max(woken, 1), woken)]
    if name == "timer":
        # What an idle processor spends has a budget of its own.
        idles = total("idles", True)
        if idles > operations // 10:
            raise Inconsistent(f"timer: idle {idles} times in {operations} operations")
        return [Budget("timer", (total("traps", True) - 2 * idles) / operations, operations)]
    if name == "ipi":
        return [Budget("ipi sender", total("traps", True) / operations, operations),
                Budget("ipi receiver", total("traps", False) / operations, operations)]
    raise Inconsistent(f"no budget for {name}")
