# SPDX-License-Identifier: GPL-2.0
"""`bench --ppc`: what it measures, prints, stores and answers."""

import sys
from pathlib import Path

import tree

from . import costs, gate, report, result, run
from .guest import Guest
from .machines import LPAR, MODES, OURS

BUDGET_ROWS = {"idle": ("idle",), "timer": ("timer",), "ipi": ("ipi sender", "ipi receiver")}
HOW_TO_BUILD = {"tested": "make kernel-ppc-dom0", "reference": "scripts/xen/kernel ppc-pseries"}


def wanted_verdicts(only: tuple[str, ...]) -> list[str]:
    """The names of what is judged, for the rows that run."""
    rows = [name for name in run.NAMES if not only or name in only]
    return [verdict for name in rows for verdict in BUDGET_ROWS.get(name, (name,))]


def judge(tested: result.Measured, reference: result.Measured, only: tuple[str, ...]) \
        -> tuple[int, int]:
    """Print what is above the bar; how many passed, and how many did not."""
    verdicts = gate.verdicts(tested.rows, reference.rows, tested.budgets, wanted_verdicts(only))
    failed = [verdict for verdict in verdicts if verdict.complaints]
    for verdict in failed:
        for complaint in verdict.complaints:
            print(f"bench: above the bar: ppc {verdict.name}: {complaint}", file=sys.stderr)
    if not failed:
        print(f"bench: ppc: {len(verdicts)} rows, none above the bar", file=sys.stderr)
    return len(verdicts) - len(failed), len(failed)


def compare(paths: list[Path]) -> tuple[int, int]:
    """--ppc --compare: judge results that are already there."""
    how, tested, _ = result.load(paths[0])
    other, _, reference = result.load(paths[1])
    if how != other:
        raise ValueError("not comparable, measured with different settings")
    only = tuple({row.name for row in (*tested.rows, *reference.rows)}
                 | {budget.name.split()[0] for budget in tested.budgets})
    print(text_of(tested, reference, only, how.get("mode", MODES[0])), end="")
    return judge(tested, reference, only)


def text_of(tested: result.Measured, reference: result.Measured, only: tuple[str, ...],
            mode: str) -> str:
    """The table, with what is over the bar marked."""
    return report.table(tested, reference, gate.verdicts(
        tested.rows, reference.rows, tested.budgets, wanted_verdicts(only)), mode)


def judge_costs(rows: list[costs.Cost]) -> tuple[int, int]:
    """Print what costs too much; how many figures with a bound passed, and how many not."""
    bounded = [row for row in rows if row.most is not None]
    over = [row for row in bounded if row.over]
    for row in over:
        print(f"bench: above the bar: ppc {row.name}: {row.spent:.1f}, at most {row.most}",
              file=sys.stderr)
    return len(bounded) - len(over), len(over)


def measure_costs(kernel: Path | None, out: Path, options: run.Options) -> list[costs.Cost]:
    """Print, store and return what translating and naming memory costs."""
    image = tree.kernel(kernel or OURS, HOW_TO_BUILD["tested"])
    rows = costs.measure((out / "costs").resolve())
    rows += costs.of_tools(run.tools(image, (out / "ppc").resolve(),
                                     Guest((out / "tools").resolve()), options))
    text = costs.table(rows)
    (out / "costs.txt").write_text(text)
    print(text, end="")
    return rows


def only_costs(kernel: Path | None, out: Path, check: bool, options: run.Options) \
        -> tuple[int, int] | None:
    """--costs: these figures alone; the judgement if asked for."""
    rows = measure_costs(kernel, out, options)
    return judge_costs(rows) if check else None


def options_of(only: str | None, profile: str | None, quick: bool, timeout: float,
               rerun: str, mode: str) -> run.Options:
    """What the command line says about a run, checked."""
    names = tuple(only.split(",")) if only else ()
    for name in (*names, *([profile] if profile else [])):
        if name not in run.NAMES:
            raise ValueError(f"no row {name} on ppc; there are: {', '.join(run.NAMES)}")
    if profile and profile not in run.COMPARED:
        raise ValueError(f"{profile} has no profile: its instructions are not counted")
    return run.Options(only=names, samples=run.QUICK_SAMPLES if quick else run.SAMPLES,
                       timeout=min(timeout, run.TIMEOUT), rerun=rerun, mode=mode)


def measure(kernels: dict[str, Path | None], out: Path, check: bool, profile: str | None,
            options: run.Options) -> tuple[int, int] | None:
    """Boot both kernels, and print and store what they cost; the judgement if asked for.

    kernels: by role, None for the default.
    """
    images = {role: tree.kernel(kernels[role] or default, HOW_TO_BUILD[role])
              for role, default in (("tested", OURS), ("reference", LPAR))}
    folder = (out / "ppc").resolve()
    guest = Guest((out / "tools").resolve())
    if profile:
        print(run.profile_of(profile, images, folder, guest, options), end="")
        return None
    rows = run.measure(images, folder, guest, options)
    tested, reference = (result.Measured.of(images[role], *rows[role])
                         for role in ("tested", "reference"))
    text = text_of(tested, reference, options.only, options.mode)
    result.write(out / "result-ppc.json", result.settings(options.samples, options.mode),
                 tested, reference)
    (out / "table-ppc.txt").write_text(text)
    print(text)
    spent = [] if options.only else measure_costs(images["tested"], out, options)
    print(f"bench: ppc results in {tree.shown(out.resolve())}", file=sys.stderr)
    if not check:
        return None
    passed, failed = (sum(column) for column in zip(
        judge(tested, reference, options.only), judge_costs(spent)))
    return passed, failed
