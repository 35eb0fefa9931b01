# SPDX-License-Identifier: GPL-2.0
"""Result files: what was measured, with which settings, and the counts.

A result holds the kernels "tested" and "reference".  It has no time, host or
path in it, so that equal measurements are equal files.
"""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import tree

from .counts import Row
from .hypervisor import Hypervisor
from .run import CPU, EMULATOR, KERNEL_OPTIONS, XEN_OPTIONS

FORMAT = "xen-bench-1"


@dataclass
class Measured:
    """One kernel and its rows."""
    release: str
    digest: str
    rows: list[Row]

    @classmethod
    def of(cls, kernel: Path, rows: list[Row]) -> "Measured":
        """Rows of an image, which is remembered by release and digest."""
        return cls(tree.release(kernel), hashlib.sha256(kernel.read_bytes()).hexdigest(), rows)

    def to_json(self) -> dict:
        """The kernel for a result file."""
        return {"release": self.release, "sha256": self.digest,
                "rows": [row.to_json() for row in self.rows]}

    @classmethod
    def from_json(cls, data: dict) -> "Measured":
        """The opposite of to_json(); raises KeyError or TypeError on other data."""
        return cls(data["release"], data["sha256"], [Row.from_json(row) for row in data["rows"]])


def settings(xen: Hypervisor, percent: int) -> dict:
    """What besides the kernel decides the counts."""
    told = subprocess.run([EMULATOR, "--version"], capture_output=True, text=True, timeout=20,
                          check=True)
    return {"emulator": told.stdout.splitlines()[0], "cpu": CPU, "xen": xen.path.name,
            "xen_build_id": xen.build_id, "xen_options": XEN_OPTIONS,
            "kernel_options": KERNEL_OPTIONS, "iterations_percent": percent}


def write(path: Path, how: dict, tested: Measured, reference: Measured) -> None:
    """Write a result file."""
    data = {"format": FORMAT, "settings": how, "tested": tested.to_json(),
            "reference": reference.to_json()}
    path.write_text(json.dumps(data, indent=1) + "\n")


def load(path: Path, role: str) -> tuple[dict, Measured]:
    """Settings and one kernel of a result file; ValueError says what is wrong with it."""
    try:
        data = json.loads(Path(path).read_text())
        if data["format"] != FORMAT:
            raise ValueError(f"{path}: format {data['format']}, not {FORMAT}")
        return data["settings"], Measured.from_json(data[role])
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not a result of this benchmark ({error!r})") from None
