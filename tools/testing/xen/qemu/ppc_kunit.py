# SPDX-License-Identifier: GPL-2.0
"""`boot kunit-ppc-dom0`: the KUnit suites inside a live dom0 on Xen/PPC.

The suites are modules of the kernel, loaded one by one by its init.  They are judged
like those of kunit-ppc, and the run like any boot of a dom0: no complaint, no rule
broken, the right end.
"""

import sys

import dom0_judge
import ktap
import ppc_dom0
import ppc_initramfs
import refhv_report
import verdict
from dom0_case import REASON, Case
from stage import Stage
from verdict import Verdict

STAGES = (ppc_dom0.LOADED, Stage("kernel", "serial", r"\] Linux version ", 90),
          Stage("userspace", "serial", r"STAGE userspace", 90),
          Stage("suites", "serial", r"KTAP version 1", 60),
          Stage("loaded-all", "serial", r"RESULT kunit ", 180))
FINISHED = Stage("finished", "serial", r"refhv: finished: ", 60)
RUNNER = "ppc-dom0"


def add_arguments(parser) -> None:
    """The options of `boot kunit-ppc-dom0`."""
    ppc_dom0.add_common(parser)
    ppc_dom0.add_case(parser)
    parser.set_defaults(vcpus=2)


def judge(case: Case, text: str) -> tuple[Verdict, refhv_report.Report]:
    """The suites, the kernel's complaints, and refhv's last words."""
    text = text.replace("\r", "")
    found = Verdict()
    verdict.read(found, dom0_judge.SIDE, text)
    verdict.require_steps(found, dom0_judge.SIDE, ("kunit",))
    ktap.into(found, dom0_judge.SIDE, text, ktap.expected(RUNNER))
    if not any(dom0_judge.ON_XEN.search(line) for line in text.splitlines()):
        found.fail(f"{dom0_judge.SIDE}: the kernel does not say that it runs on Xen")
    report = refhv_report.read(text)
    if not case.genuine:
        for complaint in refhv_report.complaints(report, REASON[case.end],
                                                 case.race == "event"):
            found.fail(complaint)
    return found, report


def main(arguments) -> int:
    """Boot once, judge, print."""
    case = ppc_dom0.case_of(arguments)
    setting = ppc_dom0.Setting(arguments.kernel, keys=0, patience=arguments.patience, verbose=True)
    run = ppc_dom0.execute(case, setting, name=f"kunit-ppc-dom0-{case.name}",
                           words="console=hvc0 panic=1 printk.devkmsg=on" +
                           f" xen_linear={case.linear}" * bool(case.linear), marks=STAGES,
                           last=FINISHED, initrd=ppc_initramfs.kunit(arguments.kernel))
    run.verdict, run.report = judge(case, run.text)
    run.verdict.failures[:0] = ppc_dom0.stage_failures(run)
    report = run.verdict.kunit
    (run.folder / "kunit.txt").write_text(report.account)
    name = f"kunit-ppc-dom0 {case.name}"
    if run.ok:
        print(f"{name}: ok, KUnit cases: {report.summary()}, in {run.seconds:.1f} s", flush=True)
    else:
        print("\n".join(f"  ! {line}" for line in report.evidence), file=sys.stderr)
        ppc_dom0.show(run, name, "kunit-ppc-dom0")
    if arguments.json:
        result = ppc_dom0.as_json(run, name)
        result["kunit"] = {"passed": report.passed, "failed": report.failed}
        ppc_dom0.write_json(arguments.json, result)
    return 0 if run.ok else 1
