# SPDX-License-Identifier: GPL-2.0
"""The comparison as a picture: SVG, written by hand, for the documentation.

Operations differ by a factor of a thousand, so each is drawn relative to the C
port's sum, which is the vertical line; absolute figures stand beside the bars.
Left: transitions into Xen, by group of kinds.  Right: instructions, kernel and
Xen.  The upper bar of a pair is ours, the lower and paler one the C port's.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from .counts import Row
from .hypervisor import HYPERCALLS
from .report import figure, ratio
from .result import Measured

NAME_WIDTH, PANEL_WIDTH, FIGURE_WIDTH, GAP = 128, 300, 112, 24
ROW_HEIGHT, BAR_HEIGHT, TOP, BOTTOM = 30, 9, 92, 34
PALE = 0.5
FONT = "font-family='DejaVu Sans, Verdana, sans-serif'"

# Grouped, for twenty colours could not be told apart.
GROUPS = (
    ("iret and system calls", "#4878a8"),
    ("page-table hypercalls", "#d1762c"),
    ("other hypercalls", "#c9a227"),
    ("page faults", "#8d4f8d"),
    ("other traps", "#777777"),
)
MEMBERS = (
    ("iret", "syscall"),
    ("mmu_update", "mmuext_op", "update_va_mapping", "update_va_mapping_otherdomain",
     "multicall"),
    (*HYPERCALLS, "unnamed"),
    ("user fault", "kernel fault"),
)
OTHER = len(GROUPS) - 1
SHARES = (("kernel", "#3f7f6b"), ("Xen", "#8fb339"))


@dataclass
class Bar:
    """One bar: the values of its coloured parts."""
    parts: list[float]

    @property
    def total(self) -> float:
        """The bar's whole value."""
        return sum(self.parts)


def group_of(kind: str) -> int:
    """The index in GROUPS of a kind of transition."""
    return next((i for i, members in enumerate(MEMBERS) if kind in members), OTHER)


def transition_bar(row: Row) -> Bar:
    """Transitions per operation, in the order of GROUPS."""
    parts = [0.0] * len(GROUPS)
    for kind, count in row.kinds.items():
        parts[group_of(kind)] += row.per_op(count)
    return Bar(parts)


def insn_bar(row: Row) -> Bar:
    """Instructions per operation, in the order of SHARES."""
    return Bar([row.kernel, row.xen])


def text(x: float, y: float, content: str, *, size: int = 11, anchor: str = "start",
         weight: str = "normal", colour: str = "#222") -> str:
    """One line of text."""
    return (f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' text-anchor='{anchor}' "
            f"font-weight='{weight}' fill='{colour}' {FONT}>{escape(content)}</text>")


def rectangle(x: float, y: float, width: float, colour: str, opacity: float) -> str:
    """One part of a bar."""
    return (f"<rect x='{x:.2f}' y='{y:.1f}' width='{width:.2f}' height='{BAR_HEIGHT}' "
            f"fill='{colour}' fill-opacity='{opacity}'/>")


def legend(x: float, y: float, entries: tuple[tuple[str, str], ...]) -> list[str]:
    """Coloured squares with their meaning, two to a line."""
    parts = []
    for i, (label, colour) in enumerate(entries):
        left, top = x + (i % 2) * 190, y + (i // 2) * 15
        parts += [rectangle(left, top - BAR_HEIGHT, BAR_HEIGHT, colour, 1),
                  text(left + 14, top, label, size=10)]
    return parts


def panel(left: float, bars: list[tuple[Bar, Bar]], colours: list[str], scale: float) -> list[str]:
    """The bars of one figure for all rows; scale is in pixels per C port's total."""
    parts = []
    for i, (ours, theirs) in enumerate(bars):
        top = TOP + i * ROW_HEIGHT
        for bar, y, opacity in ((ours, top + 5, 1.0), (theirs, top + 6 + BAR_HEIGHT, PALE)):
            x = left
            for value, colour in zip(bar.parts, colours):
                width = scale * value / theirs.total if theirs.total else 0.0
                if width:
                    parts.append(rectangle(x, y, width, colour, opacity))
                x += width
        beside = left + PANEL_WIDTH + 6
        parts += [text(beside, top + 13, f"{figure(ours.total)}", size=10),
                  text(beside, top + 24, figure(theirs.total), size=10, colour="#777"),
                  text(left + PANEL_WIDTH + FIGURE_WIDTH - 6, top + 18,
                       ratio(ours.total, theirs.total), size=11, anchor="end", weight="bold")]
    bottom = TOP + len(bars) * ROW_HEIGHT
    parts.append(f"<line x1='{left + scale:.1f}' y1='{TOP}' x2='{left + scale:.1f}' "
                 f"y2='{bottom}' stroke='#222' stroke-width='1' stroke-dasharray='3 2'/>")
    return parts


def svg(tested: Measured, reference: Measured) -> str:
    """The picture of two kernels, as the text of an SVG file."""
    theirs = {row.name: row for row in reference.rows}
    pairs = [(row, theirs[row.name]) for row in tested.rows if row.name in theirs]
    transitions = [(transition_bar(a), transition_bar(b)) for a, b in pairs]
    insns = [(insn_bar(a), insn_bar(b)) for a, b in pairs]
    worst = max([1.0] + [a.total / b.total for a, b in transitions + insns if b.total])
    scale = PANEL_WIDTH / (worst * 1.02)
    first = NAME_WIDTH + GAP
    second = first + PANEL_WIDTH + FIGURE_WIDTH + GAP
    width = second + PANEL_WIDTH + FIGURE_WIDTH
    height = TOP + len(pairs) * ROW_HEIGHT + BOTTOM
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
        f"viewBox='0 0 {width} {height}'>",
        f"<rect width='{width}' height='{height}' fill='white'/>",
        text(first, 22, "Transitions into Xen per operation", size=14, weight="bold"),
        text(second, 22, "Instructions per operation", size=14, weight="bold"),
        *legend(first, 42, GROUPS), *legend(second, 42, SHARES),
    ]
    for i, (row, _) in enumerate(pairs):
        top = TOP + i * ROW_HEIGHT
        if i % 2 == 0:
            parts.append(f"<rect x='0' y='{top}' width='{width}' height='{ROW_HEIGHT}' "
                         "fill='#f3f3f0'/>")
        parts.append(text(NAME_WIDTH + 8, top + 19, row.name, size=12, anchor="end"))
    parts += panel(first, transitions, [colour for _, colour in GROUPS], scale)
    parts += panel(second, insns, [colour for _, colour in SHARES], scale)
    parts.append(text(12, height - 12,
                      f"Upper bar: ours ({tested.release}).  Lower, paler bar and dashed line: "
                      f"Linux's C port ({reference.release}).  Bold: ours / C port.  "
                      "Counted in QEMU, dom0, one processor.", size=10, colour="#555"))
    return "\n".join(parts + ["</svg>", ""])
