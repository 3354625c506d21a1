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


def enter(home, **environment):
    """Goes on in the Python that lives in a folder, if this is another."""
    if Path(sys.prefix) != home:
        os.execve(home / "bin/python", [home / "bin/python", "-B", *sys.argv], dict(os.environ, **environment))


def make_python(name, packages, seconds=None):
    """The folder of a Python that has PyPI's packages. It is made once; each step may take `seconds`."""
    home = PACKAGE / ".build" / name
    mark = home / "installed"
    if not mark.exists() or mark.read_text() != " ".join(packages):
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True, timeout=seconds)
        subprocess.run([home / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True, timeout=seconds)
        mark.write_text(" ".join(packages))
    return home


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
