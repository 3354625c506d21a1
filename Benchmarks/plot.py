#!/usr/bin/python3
"""Draws what compare measured: a panel a figure, a mark a server.

Usage: Benchmarks/plot.py COMPARE.json FILE.png       needs Debian's python3-matplotlib
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.ticker import NullFormatter

OURS, OTHERS, TEXT = "#0b6e4f", "#8b97a5", "#38424d"
# Figure of a server, title, whether ratios are large.
PANELS = [("start, ms", "first byte (ms)", True), ("seek, ms", "first byte at 90 % (ms)", True),
          ("whole, s", "whole track of 160 s (s)", False), ("cpu, s", "processor time a track (s)", False),
          ("MB a listener", "memory a listener of 20 (MB)", False)]


def draw(figures, path):
    plt.rcParams.update({"font.family": "DejaVu Sans", "font.size": 9, "text.color": TEXT, "axes.edgecolor": "#c3cad2",
                         "xtick.color": TEXT, "ytick.color": TEXT})
    figure, axes = plt.subplots(2, 3, figsize=(9, 4.3), dpi=100)
    places = list(axes.flat)
    for number, (key, title, is_wide) in enumerate(PANELS):
        panel(places[number], {name: row[key] for name, row in figures["servers"].items()}, title, is_wide, number % 3 == 0)
    ranges = {f"{kind}, {name}".replace("sweetspot, ", ""): row["requests/s"] / 1000 for kind in ("64 KiB", "4 KiB")
              for name, row in figures["cached"].get(kind, {}).items()}
    if ranges:
        panel(places[-1], ranges, "cached ranges (1000/s)", False, True)
    else:
        places[-1].set_visible(False)
    figure.text(0.012, 0.955, "FLAC to MP3 128 kbit/s, nothing cached", fontsize=11.5, weight="bold")
    busy = figures["used by others, % of the processors"]
    figure.text(0.012, 0.02, f"{figures['machine']}, loopback · {figures['date']} · medians; other programs used {busy:.0f} % of the"
                " processors · dots: logarithmic scale, bars: from 0", fontsize=8, color="#6b7683")
    figure.subplots_adjust(left=0.15, right=0.985, top=0.86, bottom=0.12, wspace=0.5, hspace=0.5)
    figure.savefig(path, metadata={"Software": None})


def panel(axis, values, title, is_wide, has_names):
    names = list(values)
    heights = range(len(names) - 1, -1, -1)
    colours = [OURS if is_ours(name) else OTHERS for name in names]
    amounts = list(values.values())
    axis.set_title(title, fontsize=9.5, loc="left", color=TEXT)
    if is_wide:
        axis.set_xscale("log")
        axis.set_xlim(min(amounts) / 2, max(amounts) * 8)
        axis.grid(axis="x", which="major", color="#e4e8ec", linewidth=0.8)
        axis.set_axisbelow(True)
        axis.xaxis.set_minor_formatter(NullFormatter())
        axis.scatter(amounts, heights, color=colours, s=55)
    else:
        axis.set_xlim(0, max(amounts) * 1.3)
        axis.barh(heights, amounts, color=colours, height=0.62)
        axis.set_xticks([])
    for name, amount, height in zip(names, amounts, heights):
        axis.annotate(f"{amount:.3g}" if amount < 1000 else f"{amount:,.0f}", (amount, height), xytext=(7, 0), textcoords="offset points",
                      va="center", weight="bold" if is_ours(name) else "normal")
    axis.set_ylim(-0.6, len(names) - 0.4)
    axis.set_yticks(list(heights), names if has_names else [])
    axis.tick_params(length=0, labelsize=8.5)
    axis.tick_params(axis="x", labelsize=7.5)
    axis.spines[["top", "right", "bottom"]].set_visible(False)


def is_ours(name):
    return not any(other in name for other in ("ffmpeg", "nginx"))


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        draw(json.load(file), sys.argv[2])
