#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of the benchmark's own judgement: no emulator, no kernel, two seconds.

A benchmark that cannot fail is worth nothing, so most cases doctor a result and
demand that the gate names the row.
"""

import copy
import json
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom
from pathlib import Path
from unittest import mock

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from xenbench import gate, hypervisor, plot, report, result  # noqa: E402
from xenbench.counts import Inconsistent, Row, classify  # noqa: E402
from xenbench.symbols import Symbols, without_lists  # noqa: E402
from test_ppc import *  # noqa: E402,F401,F403  the cases of the ppc table
from tree import Missing  # noqa: E402

XEN_NM = """\
ffff82d040201000 T lstar_enter
ffff82d040201800 t page_fault
ffff82d040201900 t general_protection
ffff82d040201a00 t autogen_stubs
ffff82d040202000 T pv_hypercall
ffff82d040202100 T pv_do_multicall_call
ffff82d040203000 T do_iret
ffff82d040203100 T do_mmu_update
ffff82d040209000 T last
"""
STUB = 0xffff82d07fffe000
PAGE_FAULT = 0xffff82d040201800
PROTECTION = 0xffff82d040201900


def row(name="pipe", iterations=1000, **changes) -> Row:
    """A plausible row."""
    fields = {
        "insns": {"user": 1000, "kernel": 10_000_000, "xen": 5_000_000},
        "kinds": {"iret": 4000, "syscall": 4000, "multicall": 2000},
        "suboperations": {"mmuext_op": 4000}, "emulated": {},
    }
    return Row(name, iterations, **{**fields, **changes})


def small_row() -> Row:
    """174 kernel instructions per operation, where 2 are more than 1 %."""
    return row("getppid", 1000, insns={"user": 1000, "kernel": 174_000, "xen": 676_000},
               kinds={"iret": 1000, "syscall": 1000})


def measured(rows: list[Row], release="6.1.192-test") -> result.Measured:
    """A kernel with these rows."""
    return result.Measured(release, "0" * 64, rows)


def counts(**changes) -> dict:
    """What the plugin writes: 2 system calls, 3 hypercalls, 1 fault, 1 instruction."""
    data = {
        "insns": {"user": 10, "kernel": 20, "xen": 30},
        "entries": [[STUB, "user", 2], [STUB, "kernel", 3], [PAGE_FAULT, "kernel", 1],
                    [PROTECTION, "kernel", 1]],
        "gates": {"pv_hypercall": 3, "pv_do_multicall_call": 5},
        "hypercalls": {"iret": 2, "mmu_update": 1}, "suboperations": {"mmu_update": 5},
        "events": {"lstar_enter": 5, "pv_ro_page_fault": 1}, "unnamed": 0,
    }
    return {**data, **changes}


class FakeXen:
    """As much of a Hypervisor as classify() looks at."""
    symbols = Symbols(XEN_NM)


class GateTest(unittest.TestCase):
    """The bar is where it is said to be, and the row is named."""

    def violations(self, tested: Row, reference: Row) -> list[str]:
        return gate.violations([tested], [reference])

    def test_equal_passes(self):
        self.assertEqual(self.violations(row(), row()), [])

    def test_one_percent_passes_and_more_fails(self):
        self.assertEqual(self.violations(
            row(insns={"user": 0, "kernel": 10_100_000, "xen": 5_000_000}), row()), [])
        found = self.violations(
            row(insns={"user": 0, "kernel": 10_101_000, "xen": 5_000_000}), row())
        self.assertEqual(len(found), 1)
        self.assertIn("pipe: kernel instructions", found[0])

    def test_two_instructions_pass_where_they_are_more_than_a_percent(self):
        ours = small_row()
        ours.insns = {"user": 0, "kernel": 176_000, "xen": 676_000}
        self.assertEqual(self.violations(ours, small_row()), [])
        ours.insns["kernel"] = 176_100
        self.assertIn("getppid: kernel instructions", self.violations(ours, small_row())[0])

    def test_xen_instructions_count_too(self):
        found = self.violations(
            row(insns={"user": 0, "kernel": 9_000_000, "xen": 5_051_000}), row())
        self.assertEqual([text.split(" 5")[0] for text in found], ["pipe: Xen instructions"])

    def test_the_sum_counts_though_both_parts_pass(self):
        ours, theirs = small_row(), small_row()
        theirs.insns = {"user": 0, "kernel": 100_000, "xen": 100_000}
        ours.insns = {"user": 0, "kernel": 101_500, "xen": 101_500}
        found = self.violations(ours, theirs)
        self.assertEqual(len(found), 1)
        self.assertIn("kernel + Xen instructions", found[0])

    def test_transitions_fail_above_half_a_percent(self):
        more = {"iret": 4000, "syscall": 4000, "multicall": 2049}
        self.assertEqual(self.violations(row(kinds=more), row()), [])
        more["multicall"] = 2051
        self.assertIn("pipe: transitions 10.051", self.violations(row(kinds=more), row())[0])

    def test_kinds_are_added_up(self):
        exchanged = {"iret": 4000, "syscall": 4000, "kernel fault": 2000}
        self.assertEqual(self.violations(row(kinds=exchanged), row()), [])

    def test_missing_rows_fail_on_either_side(self):
        self.assertIn("pipe: not measured for the kernel under test",
                      gate.violations([small_row()], [row(), small_row()]))
        self.assertIn("pipe: not measured for the reference",
                      gate.violations([row(), small_row()], [small_row()]))
        self.assertEqual(gate.violations([], []), ["nothing was measured"])

    def test_other_iterations_are_not_compared(self):
        self.assertIn("iterations", self.violations(row(iterations=900), row())[0])


class ClassifyTest(unittest.TestCase):
    """Counts become kinds, and contradictions are found."""

    def test_kinds(self):
        got = classify("x", 1, counts(), FakeXen())
        self.assertEqual(got.kinds, {"syscall": 2, "iret": 2, "mmu_update": 1,
                                     "kernel fault": 1, "instruction": 1})
        self.assertEqual(got.suboperations, {"mmu_update": 5})
        self.assertEqual(got.emulated, {"page table write": 1})
        self.assertEqual(got.transitions, 7)

    def test_unnamed_hypercall_is_a_transition(self):
        got = classify("x", 1, counts(hypercalls={"iret": 2}, unnamed=1), FakeXen())
        self.assertEqual(got.kinds["unnamed"], 1)
        self.assertEqual(got.transitions, 7)

    def test_contradictions(self):
        for wrong in ({"hypercalls": {"iret": 2}}, {"gates": {"pv_hypercall": 4}},
                      {"events": {"lstar_enter": 4}}):
            with self.subTest(wrong), self.assertRaises(Inconsistent):
                classify("x", 1, counts(**wrong), FakeXen())


class SymbolsTest(unittest.TestCase):
    """Addresses are found by name and back."""

    def test_function(self):
        symbols = Symbols(XEN_NM)
        self.assertEqual(symbols.address("do_iret"), 0xffff82d040203000)
        self.assertEqual(symbols.function(0xffff82d0402030ff), "do_iret")
        self.assertIsNone(symbols.function(0x1000))
        self.assertTrue(symbols.within(PAGE_FAULT))
        self.assertFalse(symbols.within(STUB))

    def test_cxx_names(self):
        self.assertEqual(without_lists("void xen::Batch<64u, A<1> >::flush<B>(int) const"),
                         "xen::Batch::flush")
        self.assertEqual(without_lists("do_iret.part.0"), "do_iret.part.0")

    def test_functions_win_over_section_marks(self):
        self.assertEqual(Symbols("10 T _stext\n10 T start\n").function(0x10), "start")


class HypervisorTest(unittest.TestCase):
    """Symbols of another build are refused."""

    def test_build_id(self):
        note = hypervisor.NOTE + bytes(range(20))
        self.assertEqual(hypervisor.build_id(b"xx" + note), bytes(range(20)).hex())
        self.assertIsNone(hypervisor.build_id(b"nothing"))

    def test_wrong_and_missing_debug_file(self):
        with tempfile.TemporaryDirectory() as folder:
            image, debug = Path(folder, "xen-4.17-amd64.gz"), Path(folder, "debug")
            image.write_bytes(hypervisor.gzip.compress(hypervisor.NOTE + b"a" * 20))
            with self.assertRaisesRegex(Missing, "package xen-hypervisor-4.17-amd64-dbg"):
                hypervisor.Hypervisor(image, debug)
            debug.write_bytes(hypervisor.NOTE + b"b" * 20)
            with self.assertRaisesRegex(Missing, "another build"):
                hypervisor.Hypervisor(image, debug)
            debug.write_bytes(hypervisor.NOTE + b"a" * 20)
            with mock.patch.object(hypervisor.Symbols, "of", lambda path: Symbols(XEN_NM)), \
                    self.assertRaisesRegex(Missing, "lacks do_mmuext_op"):
                hypervisor.Hypervisor(image, debug)


class ResultTest(unittest.TestCase):
    """Result files, the report and the picture; and the command that judges files."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "result.json")
        self.both = measured([small_row(), row()])
        result.write(self.path, {"cpu": "test"}, self.both, self.both)

    def compare(self, *paths: Path) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, HERE / "bench", "--compare", *paths],
                              capture_output=True, text=True, timeout=60, check=False)

    def doctored(self, change) -> Path:
        data = json.loads(self.path.read_text())
        change(data)
        other = self.path.with_name("doctored.json")
        other.write_text(json.dumps(data))
        return other

    def test_written_and_read_again(self):
        how, again = result.load(self.path, "tested")
        self.assertEqual(how, {"cpu": "test"})
        self.assertEqual(again, self.both)

    def test_compare_passes_equal_results(self):
        done = self.compare(self.path, self.path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("2 rows, none above the bar", done.stderr)
        self.assertIn("bench: 2 passed, 0 failed", done.stderr)

    def test_compare_names_a_doctored_row(self):
        def worsen(data):
            data["tested"]["rows"][1]["insns"]["kernel"] += 200_000

        done = self.compare(self.doctored(worsen), self.path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("above the bar: pipe: kernel instructions", done.stderr)
        self.assertIn("bench: 1 passed, 1 failed", done.stderr)
        self.assertNotIn("getppid", done.stderr)
        self.assertRegex(done.stdout, r"pipe .*over")

    def test_compare_refuses_what_is_no_result(self):
        def other_format(data):
            data["format"] = "something else"

        def other_cpu(data):
            data["settings"]["cpu"] = "other"

        def no_rows(data):
            del data["tested"]["rows"]

        for change, complaint in ((other_format, "format"), (other_cpu, "different cpu"),
                                  (no_rows, "not a result")):
            with self.subTest(complaint):
                done = self.compare(self.doctored(change), self.path)
                self.assertEqual(done.returncode, 2)
                self.assertIn(complaint, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertEqual(self.compare(self.path.with_name("absent"), self.path).returncode, 2)

    def test_report_shows_ratios_and_kinds(self):
        ours = copy.deepcopy(self.both)
        ours.rows[1].kinds = {"iret": 4000, "syscall": 4000}
        text = report.table(ours, self.both)
        self.assertRegex(text, r"pipe +8\.00 +10\.00 +0\.800")
        self.assertIn("ours    iret 4, syscall 4; inside multicalls: mmuext_op 4", text)
        self.assertIn("C port  =", text)

    def test_picture_is_well_formed(self):
        ours = copy.deepcopy(self.both)
        ours.release = "<&>"
        ours.rows[0].kinds = {"invalid_op": 1, "unnamed": 2}
        xml.dom.minidom.parseString(plot.svg(ours, self.both))

    def test_picture_of_operations_that_cost_nothing(self):
        free = measured([row(insns={"user": 1, "kernel": 0, "xen": 0}, kinds={})])
        xml.dom.minidom.parseString(plot.svg(free, free))
        self.assertIn("none", report.table(free, free))


if __name__ == "__main__":
    unittest.main()
