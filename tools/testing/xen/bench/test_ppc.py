# SPDX-License-Identifier: GPL-2.0
"""Tests of what judges the ppc table; test_bench.py runs them with its own."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from xenbench.ppc import costs, gate as ppc_gate, machines, result as ppc_result, rows  # noqa: E402
from xenbench.ppc.rows import Budget, Figure  # noqa: E402


def ppc_row(name="mprotect_use_64", iterations=2, **changes) -> rows.Row:
    """A plausible row of the ppc table."""
    fields = {"calls": Figure(160, 0), "kernel": Figure(150_000, 0),
              "hypervisor": Figure(200_000, 0), "kinds": {"H_ENTER": 128, "H_BULK_REMOVE": 32}}
    return rows.Row(name, iterations, **{**fields, **changes})


def sample(n: int, ticks=0, calls=80, kernel=75_000) -> dict:
    """What the plugin writes for n iterations; a tick takes 5000 instructions."""
    return {"cpu": 0, "insns": {"user": 5, "kernel": 20 + n * kernel + 5000 * ticks,
                                "hypervisor": n * 100_000},
            "traps": [n * calls], "decrementers": [ticks], "externals": [0], "idles": [0],
            "sites": [[0, 0xc000, "", n * calls]]}


class PpcGateTest(unittest.TestCase):
    """The ppc bar is where it is said to be, and the row is named."""

    def complaints(self, tested, reference=None, budgets=(), wanted=None) -> dict:
        reference = ppc_row() if reference is None else reference
        verdicts = ppc_gate.verdicts([tested], [reference], list(budgets),
                                     wanted or [tested.name])
        return {verdict.name: verdict.complaints for verdict in verdicts}

    def test_equal_passes(self):
        self.assertEqual(self.complaints(ppc_row()), {"mprotect_use_64": []})

    def test_hypercalls(self):
        self.assertEqual(self.complaints(ppc_row(calls=Figure(160.7, 0)))["mprotect_use_64"], [])
        found = self.complaints(ppc_row(calls=Figure(161, 0)))["mprotect_use_64"]
        self.assertIn("hypercalls 161.00, reference 160.00", found[0])

    def test_one_hypercall_where_there_is_none_fails(self):
        found = self.complaints(ppc_row("getppid", calls=Figure(0.02, 0)),
                                ppc_row("getppid", calls=Figure(0, 0)))
        self.assertIn("hypercalls", found["getppid"][0])

    def test_instructions(self):
        self.assertEqual(self.complaints(ppc_row(kernel=Figure(151_500, 0))),
                         {"mprotect_use_64": []})
        found = self.complaints(ppc_row(kernel=Figure(151_501, 0)))["mprotect_use_64"]
        self.assertIn("kernel instructions 151501.00", found[0])
        small = ppc_row("getppid", kernel=Figure(100, 0))
        self.assertEqual(self.complaints(ppc_row("getppid", kernel=Figure(102, 0)), small),
                         {"getppid": []})
        self.assertTrue(self.complaints(ppc_row("getppid", kernel=Figure(103, 0)),
                                        small)["getppid"])

    def test_noise_widens_the_bar(self):
        noisy = ppc_row(kernel=Figure(152_500, 1000))
        self.assertEqual(self.complaints(noisy), {"mprotect_use_64": []})
        self.assertIn("with noise", self.complaints(
            ppc_row(kernel=Figure(152_501, 1000)))["mprotect_use_64"][0])
        self.assertEqual(self.complaints(ppc_row(kernel=Figure(152_500, 0)),
                                         ppc_row(kernel=Figure(150_000, 1000))),
                         {"mprotect_use_64": []})

    def test_refhv_is_not_judged(self):
        self.assertEqual(self.complaints(ppc_row(hypervisor=Figure(10 ** 9, 0))),
                         {"mprotect_use_64": []})

    def test_missing_and_unlike_rows_fail(self):
        self.assertEqual(self.complaints(ppc_row("other"), wanted=["mprotect_use_64"]),
                         {"mprotect_use_64": ["not measured for the kernel under test"]})
        self.assertEqual(self.complaints(ppc_row("other"), wanted=["other"]),
                         {"other": ["not measured for the reference"]})
        self.assertIn("iterations", self.complaints(ppc_row(iterations=3))["mprotect_use_64"][0])

    def test_budgets(self):
        for name, kept, broken in (("idle", 1.005, 1.02), ("timer", 0.0, 0.02),
                                   ("ipi sender", 1.0, 1.02), ("ipi receiver", 0.0, 1.0)):
            with self.subTest(name):
                self.assertEqual(ppc_gate.judge_budget(Budget(name, kept, 100)), [])
                self.assertIn("budget", ppc_gate.judge_budget(Budget(name, broken, 100))[0])
                self.assertTrue(ppc_gate.judge_budget(Budget(name, 0.0, 0)))
        self.assertEqual(self.complaints(ppc_row(), wanted=["idle"]), {"idle": ["not measured"]})
        for name in ("idle", "ipi sender"):
            self.assertIn("too few", ppc_gate.judge_budget(Budget(name, 0.1, 100))[0])


class PpcRowsTest(unittest.TestCase):
    """Samples become figures, with the clock's part left out, and contradictions are found."""

    def side(self, single: list[dict], double: list[dict]) -> list[dict]:
        return [line for pair in zip(single, double) for line in pair]

    def row(self, single: list[dict], double: list[dict], others=None) -> rows.Row:
        lines = self.side(single, double)
        of, _ = rows.usable([lines, others or lines])
        return rows.compared("x", 2, of, lambda site, caller: caller or hex(site))

    def test_what_every_sample_has_once_is_left_out(self):
        got = self.row([sample(2)] * 9, [sample(4)] * 9)
        self.assertEqual((got.calls, got.kernel), (Figure(80, 0), Figure(75_000, 0)))
        self.assertAlmostEqual(got.kinds.pop("0xc000"), 80)
        self.assertFalse(got.kinds)
        self.assertEqual(got.interrupts, 0)

    def test_ticks_are_left_aside(self):
        got = self.row([sample(2)] * 5 + [sample(2, ticks=1)] * 20,
                       [sample(4)] * 5 + [sample(4, ticks=3)] * 20)
        self.assertEqual((got.kernel.value, got.interrupts), (75_000, 0))

    def test_without_quiet_samples_those_with_fewest_ticks_count(self):
        got = self.row([sample(2, ticks=1)] * 5 + [sample(2, ticks=2)] * 9, [sample(4)] * 14)
        self.assertEqual((got.kernel.value, got.interrupts), (77_510, 1))

    def test_sides_are_compared_with_as_many_ticks_each(self):
        slow = self.side([sample(2)] * 4 + [sample(2, ticks=2)] * 20, [sample(4, ticks=4)] * 24)
        fast = self.side([sample(2)] * 19 + [sample(2, ticks=2)] * 5, [sample(4)] * 24)
        for one, other in ((slow, fast), (fast, slow)):
            got = [rows.compared("x", 2, of, lambda site, caller: "")
                   for of in rows.usable([one, other])]
            self.assertEqual([(row.kernel.value, row.interrupts) for row in got],
                             [(80_010, 2)] * 2)

    def test_samples_that_cannot_be_compared_give_no_figure(self):
        with self.assertRaisesRegex(rows.Inconsistent, "too slow or too busy"):
            self.row([sample(2, ticks=i) for i in range(9)], [sample(4)] * 9)

    def test_quiet_short_samples_alone_are_enough(self):
        got = self.row([sample(2)] * 5 + [sample(2, ticks=1)] * 9, [sample(4, ticks=7)] * 14)
        self.assertEqual((got.kernel.value, got.calls.value), (75_010, 80))

    def test_noise_is_seen(self):
        got = self.row([sample(2)] * 8, [sample(4, kernel=75_000 + 1000 * i) for i in range(8)])
        self.assertGreater(got.kernel.noise, 1000)

    def test_budgets(self):
        line = {**sample(0), "traps": [21, 7], "idles": [10, 0], "decrementers": [10, 0],
                "externals": [1, 0]}
        self.assertEqual(rows.budgets("idle", 5, [line] * 2), [Budget("idle", 2.1, 20)])
        both = rows.budgets("ipi", 10, [line] * 2)
        self.assertEqual([(b.name, b.spent) for b in both],
                         [("ipi sender", 1.4), ("ipi receiver", 14 / 30)])
        other = rows.budgets("ipi", 10, [{**line, "cpu": 1}] * 2)
        self.assertEqual(other[0].spent, 14 / 30)
        with self.assertRaisesRegex(rows.Inconsistent, "idle 20 times"):
            rows.budgets("timer", 5, [line] * 2)
        busy = {**line, "traps": [3, 0], "idles": [1, 0]}
        self.assertEqual(rows.budgets("timer", 10, [busy] * 2)[0].spent, 2 / 30)

    def test_lost_samples_and_a_lost_end_are_found(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "counts")
            lines = [json.dumps(sample(2)), json.dumps(sample(4))]
            path.write_text("\n".join([*lines, '{"total": [80]}']))
            samples, total = rows.read(path, [("x", 2)], 1)
            self.assertEqual((samples[0][0], len(samples[0][2]), total), ("x", 2, [80]))
            with self.assertRaisesRegex(rows.Inconsistent, "2 samples were counted"):
                rows.read(path, [("x", 2)], 2)
            path.write_text("\n".join(lines))
            with self.assertRaisesRegex(rows.Inconsistent, "not at the end"):
                rows.read(path, [("x", 2)], 1)


class PpcMachinesTest(unittest.TestCase):
    """What the machines print is read, and unlike machines are refused."""

    TABLE = ("refhv: domain 0: power off\nrefhv: hypercalls of d0 by vcpu:\n"
             "refhv:\t3\t1\tsched_op\nrefhv:\t70\t0\tH_ENTER\nrefhv: violations: 0\n")

    def test_calls_of_refhv(self):
        self.assertEqual(machines.refhv_calls(self.TABLE), [73, 1])
        with self.assertRaisesRegex(rows.Inconsistent, "no table"):
            machines.refhv_calls("refhv: violations: 0\n")

    def test_each_trap_is_handled(self):
        machines.require_handled([1, 73], [73, 1])
        machines.require_handled([1, 73], [72, 1])  # caught by the end of the domain
        for handled in ([73, 2], [74], [73], [72, 0], [71, 1], [74, 1]):
            with self.subTest(handled), self.assertRaisesRegex(rows.Inconsistent, "7[1-4]"):
                machines.require_handled([1, 73], handled)
        with self.assertRaises(rows.Inconsistent):
            machines.require_handled([73], [72])

    def side(self, role: str, mmu="0x1c000001") -> machines.Side:
        side = machines.Side(role, Path("x"), Path("x"), 1, "")
        lines = [f"[    0.000000] {name}     = {mmu}" for name in machines.ALIKE[:-3]]
        lines += [f"[    0.000000] hash-mmu: {machines.ALIKE[-3]}    = 0x17"]
        side.console = lambda: "\n".join(lines)
        return side

    def test_unlike_machines(self):
        machines.require_alike([self.side("tested"), self.side("reference")])
        with self.assertRaisesRegex(rows.Inconsistent, "mmu_features 0x1c000001 and 0x18000001"):
            machines.require_alike([self.side("tested"), self.side("reference", "0x18000001")])


class PpcCompareTest(unittest.TestCase):
    """The command that judges result files of the ppc table."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "result-ppc.json")
        self.both = ppc_result.Measured("6.1.192-test", "0" * 64, [ppc_row()], [
            Budget("idle", 1.0, 50), Budget("ipi sender", 1.0, 50),
            Budget("ipi receiver", 0.0, 50)])
        ppc_result.write(self.path, {"machine": "test"}, self.both, self.both)

    def compare(self, change=None) -> subprocess.CompletedProcess:
        data = json.loads(self.path.read_text())
        if change:
            change(data)
        other = self.path.with_name("other.json")
        other.write_text(json.dumps(data))
        return subprocess.run([sys.executable, HERE / "bench", "--ppc", "--compare", other,
                               self.path], capture_output=True, text=True, timeout=60,
                              check=False)

    def test_equal_results_pass(self):
        done = self.compare()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("bench: 4 passed, 0 failed", done.stderr)

    def test_doctored_results_fail(self):
        def more_calls(data):
            data["tested"]["rows"][0]["calls"][0] += 1

        def more_instructions(data):
            data["tested"]["rows"][0]["kernel"][0] *= 1.02

        def over_budget(data):
            data["tested"]["budgets"][2]["spent"] = 1

        def no_row(data):
            data["tested"]["rows"].clear()

        for change, complaint in ((more_calls, "mprotect_use_64: hypercalls 161"),
                                  (more_instructions, "mprotect_use_64: kernel instructions"),
                                  (over_budget, "ipi receiver: hypercalls 1.000, budget 0"),
                                  (no_row, "not measured for the kernel under test")):
            with self.subTest(complaint):
                done = self.compare(change)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(complaint, done.stderr)
                self.assertIn("bench: 3 passed, 1 failed", done.stderr)

    def test_no_result_is_refused(self):
        def other_settings(data):
            data["settings"]["machine"] = "other"

        def other_format(data):
            data["format"] = "other"

        for change, complaint in ((other_settings, "different settings"),
                                  (other_format, "format other")):
            with self.subTest(complaint):
                done = self.compare(change)
                self.assertEqual(done.returncode, 2)
                self.assertIn(complaint, done.stderr)


class CostsTest(unittest.TestCase):
    """Instructions are counted between the marks, and what is above its bound is found."""

    COUNTS = {"ram": 12, "translate-direct": 20, "translate-translated": 13, "inline-rma": 12,
              "inline-above": 40, "descriptor-2": 90, "descriptor-511": 511 * 42}
    NM = "".join(f"{at:016x} T .{name}\n" for at, name in (
        (0x1000, "cost_enter"), (0x1004, "cost_leave"), (0x2000, "unit"),
        (0x3000, "xen_glue_mapped_address"), (0x4000, "main")))

    def steps(self, *addresses) -> list[int]:
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "steps"
            log.write_text("".join(f"Trace 0: 0x7f00 [{0:016x}/{at:016x}/02806104/00000201] \n"
                                   for at in addresses))
            return costs.steps(log, costs.Symbols(self.NM))

    def test_counted_is_between_the_marks_without_the_return(self):
        self.assertEqual(self.steps(0x4000, 0x1000, 0x2000, 0x2004, 0x2008, 0x1004, 0x4004), [2])

    def test_what_is_borrowed_is_not_counted(self):
        self.assertEqual(self.steps(0x1000, 0x2000, 0x3000, 0x3004, 0x2004, 0x2008, 0x1004), [2])

    def test_every_call_has_its_count(self):
        self.assertEqual(self.steps(0x1000, 0x2000, 0x1004, 0x1000, 0x2000, 0x2004, 0x1004),
                         [0, 1])

    def test_a_look_up_has_a_bound(self):
        self.assertFalse([row for row in costs.costs(self.COUNTS) if row.over])
        over = [row for row in costs.costs({**self.COUNTS, "ram": 13}) if row.over]
        self.assertEqual([row.name for row in over], ["RAM look-up, direct"])
        self.assertIn("over", costs.table(over))

    def test_a_case_that_is_missing_is_no_cost(self):
        with self.assertRaises(KeyError):
            costs.costs({name: n for name, n in self.COUNTS.items() if name != "ram"})

    def test_a_tool_makes_one_hypercall(self):
        named = "getdomaininfolist by privcmd, hypercalls"
        for calls, over in ((1, []), (1.005, []), (2, [named])):
            row = ppc_row("getdomaininfolist", calls=Figure(calls, 0))
            self.assertEqual([cost.name for cost in costs.of_tools(row) if cost.over], over)

    def test_kbuilds_command_loses_its_object_alone(self):
        line = ("cmd_p/x.o := /usr/bin/ccache gcc -Wp,-MMD,p/.x.o.d -I../p -DA=\'\"q r\"\' -O2 "
                "-DKBUILD_MODNAME=\'\"x\"\' -c -o p/x.o ../p/x.cc ; ld -r\nmore\n")
        self.assertEqual(costs.kernel_command(line),
                         ["/usr/bin/ccache", "gcc", "-I../p", '-DA="q r"', "-O2"])
        with self.assertRaises(costs.Failed):
            costs.kernel_command("nothing of that kind")
