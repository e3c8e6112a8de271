"""Draws memory against traces, from the CSV of `cargo bench --bench memory` to an SVG. Needs nothing but Python.

    python plot_memory.py memory.csv … memory.svg

Every label in the CSVs becomes a panel: resident pages, the anonymous part, and the budget as a line.
"""
import sys

WIDTH, HEIGHT, LEFT, TOP = 640, 200, 60, 30


def read(paths):
    panels, peaks = {}, {}
    for path in paths:
        for line in open(path, encoding="utf-8"):
            if ": peak " in line:
                label, rest = line.lstrip("# ").split(": peak ")
                peaks[label] = rest.split(" MiB")[0]
            if line.startswith(("#", "label")):
                continue
            label, traces, _, resident, anonymous, _ = line.strip().split(",")
            panels.setdefault(label, []).append((int(traces), float(resident), float(anonymous)))
    return panels, peaks


def panel(label, rows, peak, number):
    budget = float(label.rsplit(" ", 1)[1])
    top = TOP + number * (HEIGHT + 60)
    last = max(traces for traces, _, _ in rows) or 1
    high = 1.15 * max([budget] + [resident for _, resident, _ in rows])
    x = lambda traces: LEFT + traces / last * WIDTH
    y = lambda mib: top + HEIGHT - mib / high * HEIGHT
    line = lambda column: " ".join(f"{x(row[0]):.1f},{y(row[column]):.1f}" for row in rows)
    return f"""
<text x="{LEFT}" y="{top - 8}" font-weight="bold">{label} MiB: peak {peak} MiB, the end included</text>
<rect x="{LEFT}" y="{top}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>
<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y(budget):.1f}" y2="{y(budget):.1f}" stroke="#c33" stroke-dasharray="6 4"/>
<polyline points="{line(1)}" fill="none" stroke="#06c" stroke-width="1.5"/>
<polyline points="{line(2)}" fill="none" stroke="#6a6" stroke-width="1.5"/>
<text x="{LEFT - 6}" y="{y(budget):.1f}" text-anchor="end">{budget:.0f}</text>
<text x="{LEFT - 6}" y="{top + HEIGHT}" text-anchor="end">0</text>
<text x="{LEFT + WIDTH}" y="{top + HEIGHT + 16}" text-anchor="end">{last:,} traces</text>
<text x="{LEFT}" y="{top + HEIGHT + 16}">blue: resident · green: of that anonymous · red: budget</text>"""


def main(sources, target):
    panels, peaks = read(sources)
    height = TOP + len(panels) * (HEIGHT + 60)
    body = "".join(panel(label, rows, peaks.get(label, "?"), i) for i, (label, rows) in enumerate(panels.items()))
    with open(target, "w", encoding="utf-8") as out:
        out.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{height}" '
            f'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>{body}\n</svg>\n'
        )


if __name__ == "__main__":
    main(sys.argv[1:-1], sys.argv[-1])
