"""Draws what compare measured: small multiples, a bar a server."""
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

COLOURS = {"sweetspot": "#0b6e4f", "ffmpeg per request": "#9aa5b1", "supysonic + ffmpeg": "#c3cad2"}


def draw(figures, path):
    servers = list(figures["servers"])
    panels = [("start, ms", "first byte, cold (ms)"), ("seek to 90 %, ms", "seek to 90 % (ms)"), ("cpu, s", "CPU a track of 160 s (s)"),
              ("MB a listener", "memory a listener (MB)")]
    keys = {"seek to 90 %, ms": "seek", "start, ms": "start"}
    figure, axes = plt.subplots(1, len(panels) + 1, figsize=(12, 2.9))
    for axis, (key, title) in zip(axes, panels):
        values = [figures["servers"][server][keys.get(key, key)] for server in servers]
        bars = axis.barh(servers[::-1], values[::-1], color=[COLOURS.get(server, "#9aa5b1") for server in servers[::-1]], height=0.6)
        axis.bar_label(bars, [f"{value:g}" for value in values[::-1]], padding=3, fontsize=9)
        axis.set_title(title, fontsize=10)
        axis.set_xlim(0, max(values) * 1.3)
    cached = figures["cached"]
    names, values = [], []
    for size, row in cached.items():
        names += [f"sweetspot, {size}", f"nginx, {size}"]
        values += [row["ours, requests/s"], row["nginx, requests/s"]]
    colours = ["#0b6e4f" if name.startswith("sweetspot") else "#9aa5b1" for name in names]
    bars = axes[-1].barh(names[::-1], values[::-1], color=colours[::-1], height=0.6)
    axes[-1].bar_label(bars, [f"{value / 1000:.0f} k" for value in values[::-1]], padding=3, fontsize=9)
    axes[-1].set_title("cached ranges a second, one thread", fontsize=10)
    axes[-1].set_xlim(0, max(values) * 1.3)
    for number, axis in enumerate(axes):
        axis.spines[["top", "right", "bottom"]].set_visible(False)
        axis.set_xticks([])
        axis.tick_params(left=False, labelsize=9)
        if 0 < number < len(panels):
            axis.set_yticks([])
    figure.suptitle(f"FLAC to MP3 128 kbit/s, nothing cached but on the right · {figures['machine']} · {figures['date']}", fontsize=10,
                    color="#4a5560", y=0.02)
    figure.tight_layout(rect=(0, 0.05, 1, 1))
    figure.savefig(path, dpi=90)
