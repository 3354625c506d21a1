"""Commands: builds of this package, runs of programs, and the file that a program's figures go to."""
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent


def build(product):
    """Builds a product of this package for release. What the build prints goes to stderr."""
    subprocess.run(["swift", "build", "-c", "release", "--product", product], cwd=PACKAGE, check=True, stdout=sys.stderr,
                   env=dict(os.environ, SWEETSPOT_BENCHMARKS="1"))


def with_packages():
    """Goes on in the interpreter that has the packages of `make browser-deps`, if this is another."""
    home = ROOT / ".build/oracles"
    if Path(sys.prefix) != home:
        os.execv(home / "bin/python", [str(home / "bin/python"), "-B", *sys.argv])


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True)


def cpu_of(*command):
    """Processor seconds of a command, from start to end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def write(path, figures):
    """Writes the figures as JSON, if `--json` gave a path."""
    if path:
        Path(path).write_text(json.dumps(figures, indent=2) + "\n")
