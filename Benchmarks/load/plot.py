#!/usr/bin/python3
"""Draws reports of sweetspot-load beside each other: waits as curves, and what happened second by second.

Usage: Benchmarks/load/plot.py REPORT.json… FILE.png       needs Debian's python3-matplotlib
"""
import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

COLOURS = ["#0b6e4f", "#d9822b", "#3f6fb5", "#8b97a5"]
TEXT = "#38424d"


def draw(reports, path):
    plt.rcParams.update({"font.family": "DejaVu Sans", "font.size": 9, "text.color": TEXT, "axes.labelcolor": TEXT,
                         "axes.edgecolor": "#c3cad2", "xtick.color": TEXT, "ytick.color": TEXT})
    figure, ((waits, shares), (rates, stalls)) = plt.subplots(2, 2, figsize=(9, 5.4), dpi=100)
    for colour, (name, report) in zip(COLOURS, reports.items()):
        for what, style in (("start-up", "-"), ("seek", "--")):
            points = report.get(f"{what}, ms at every half per cent")
            if points:
                waits.plot(points, [number / 2 for number in range(len(points))], style, color=colour, label=f"{name}, {what}")
        rate = [8 * count / 1e6 for count in report["fetched, bytes in each second"]]
        rates.plot(rate, color=colour, label=name)
        stalls.plot(report["stalls in each second"], color=colour, label=name)
    names = list(reports)
    heights = range(len(names) - 1, -1, -1)
    heard = [report["fetched, MB"] - report["never played, MB"] for report in reports.values()]
    unheard = [report["never played, MB"] for report in reports.values()]
    shares.barh(heights, heard, color=COLOURS[:len(names)], height=0.6)
    shares.barh(heights, unheard, left=heard, color="#d5dae0", height=0.6)
    for height, report in zip(heights, reports.values()):
        shares.annotate(f"{report['never played, %']:.0f} % never played", (report["fetched, MB"], height), xytext=(5, 0),
                        textcoords="offset points", va="center")
    shares.set_yticks(list(heights), names)
    shares.set_xlim(0, max(report["fetched, MB"] for report in reports.values()) * 1.6)
    waits.set_xscale("log")
    waits.set_ylim(0, 101)
    stalls.set_ylim(0, max(1, stalls.get_ylim()[1]))
    for axis, title, label in ((waits, "waits until sound is heard, % of them", "ms"), (shares, "fetched", "MB"),
                               (rates, "fetched, Mbit/s", "s"), (stalls, "stalls a second", "s")):
        axis.set_title(title, fontsize=9.5, loc="left", color=TEXT)
        axis.set_xlabel(label)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="x", color="#e4e8ec", linewidth=0.8)
        axis.set_axisbelow(True)
    waits.legend(frameon=False, fontsize=8, loc="lower right")
    figure.tight_layout()
    figure.savefig(path, metadata={"Software": None})


if __name__ == "__main__":
    *files, target = sys.argv[1:]
    draw({Path(file).stem: json.loads(Path(file).read_text()) for file in files}, target)
