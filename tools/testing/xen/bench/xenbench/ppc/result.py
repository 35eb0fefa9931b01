# SPDX-License-Identifier: GPL-2.0
"""Result files of the ppc table, in the manner of ../result.py."""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import tree

from .machines import EMULATOR, KERNEL_OPTIONS, MEMORY_MB, PSERIES, PSERIES_CPU
from .rows import Budget, Row

FORMAT = "xen-bench-ppc-2"


@dataclass
class Measured:
    """One kernel, its rows and what it spent of the budgets."""
    release: str
    digest: str
    rows: list[Row]
    budgets: list[Budget]

    @classmethod
    def of(cls, kernel: Path, rows: list[Row], budgets: list[Budget]) -> "Measured":
        """Figures of an image, which is remembered by release and digest."""
        return cls(tree.release(kernel), hashlib.sha256(kernel.read_bytes()).hexdigest(),
                   rows, budgets)

    def to_json(self) -> dict:
        """The kernel for a result file."""
        return {"release": self.release, "sha256": self.digest,
                "rows": [row.to_json() for row in self.rows],
                "budgets": [budget.to_json() for budget in self.budgets]}

    @classmethod
    def from_json(cls, data: dict) -> "Measured":
        """The opposite of to_json(); raises KeyError or TypeError on other data."""
        return cls(data["release"], data["sha256"], [Row.from_json(row) for row in data["rows"]],
                   [Budget.from_json(budget) for budget in data["budgets"]])


def settings(samples: int, mode: str) -> dict:
    """What besides the kernel decides the counts."""
    told = subprocess.run([EMULATOR, "--version"], capture_output=True, text=True, timeout=20,
                          check=True)
    return {"emulator": told.stdout.splitlines()[0], "machine": f"{PSERIES} {PSERIES_CPU}",
            "memory_mb": MEMORY_MB, "kernel_options": KERNEL_OPTIONS, "samples": samples,
            "mode": mode}


def write(path: Path, how: dict, tested: Measured, reference: Measured) -> None:
    """Write a result file."""
    data = {"format": FORMAT, "settings": how, "tested": tested.to_json(),
            "reference": reference.to_json()}
    path.write_text(json.dumps(data, indent=1) + "\n")


def load(path: Path) -> tuple[dict, Measured, Measured]:
    """Settings and kernels of a result file; ValueError says what is wrong with it."""
    try:
        data = json.loads(Path(path).read_text())
        if data["format"] != FORMAT:
            raise ValueError(f"{path}: format {data['format']}, not {FORMAT}")
        return (data["settings"], Measured.from_json(data["tested"]),
                Measured.from_json(data["reference"]))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not a result of this benchmark ({error!r})") from None
