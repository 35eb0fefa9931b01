# SPDX-License-Identifier: GPL-2.0
"""Measures what a kernel costs as a PV guest of Xen, and compares two kernels.

The boot harness beside this folder lends the archive writer, the emulator
process and the places of things; its modules are imported by their own names.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE.parent / "qemu"))
