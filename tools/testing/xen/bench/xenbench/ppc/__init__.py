# SPDX-License-Identifier: GPL-2.0
"""Measures what our ppc dom0 costs on refhv, beside Linux's own LPAR port on QEMU's pseries.

Nothing here can count instructions as time: -icount does not work with a guest
hypervisor in QEMU 7.2.  So every row is measured often, at two lengths, and
what belongs to the operation is told from what belongs to the clock (rows.py).
"""
