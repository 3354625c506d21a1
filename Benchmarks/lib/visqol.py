"""ViSQOL in audio mode, in a Python of its own, with what was judged before in a file."""
import hashlib
import json
import math
import multiprocessing

from . import commands

# numba makes it ten times as fast and changes no result.
PACKAGES = ["visqol-python==3.8.0", "numba==0.68.1", "numpy==2.4.6", "scipy==1.17.1", "matplotlib==3.11.2"]
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
RATE = 48000


def enter():
    """Goes on in a Python that has ViSQOL, which PyPI gives."""
    commands.enter(commands.make_python("visqol", PACKAGES), **ONE_THREAD)


def heard(sound, rate):
    """One channel as ViSQOL takes it, at its own rate."""
    from scipy.signal import resample_poly
    divisor = math.gcd(rate, RATE)
    return sound if rate == RATE else resample_poly(sound, RATE // divisor, rate // divisor)


class Judge:
    """Mean opinion scores of pairs of sounds at 48 kHz, each judged once."""

    def __init__(self, path, jobs):
        self.path = path
        self.known = json.loads(path.read_text()) if path.exists() else {}
        self.pool = multiprocessing.Pool(jobs, initializer=prepare)
        self.waiting = {}

    def ask(self, reference, copy):
        """A key, under which `known` has the score after `wait`."""
        key = hashlib.sha1(reference.tobytes() + copy.tobytes()).hexdigest()
        if key not in self.known and key not in self.waiting:
            self.waiting[key] = self.pool.apply_async(judge, (reference, copy))
        return key

    def wait(self):
        for key, score in self.waiting.items():
            self.known[key] = score.get()
            self.path.write_text(json.dumps(self.known))
        self.waiting.clear()


def prepare():
    global api
    from visqol import VisqolApi
    api = VisqolApi()
    api.create(mode="audio")


def judge(reference, copy):
    return api.measure_from_arrays(reference, copy, sample_rate=RATE).moslqo
