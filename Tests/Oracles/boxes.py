"""A reader of ISO base media files (ISO 14496-12) that shares nothing with what it judges: only what an init section and a fragment of
one audio track have."""
import struct

CONTAINERS = {b"moov", b"trak", b"edts", b"mdia", b"minf", b"dinf", b"stbl", b"mvex", b"moof", b"traf"}


class Malformed(Exception):
    pass


def boxes(data, start=0, end=None):
    """The boxes in data[start:end] as (type, start of the body, end); their sizes have to fill it."""
    end = len(data) if end is None else end
    while start < end:
        if end - start < 8:
            raise Malformed("%d bytes behind the last box" % (end - start))
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < 8 or start + size > end:
            raise Malformed("%r of %d bytes in %d" % (kind, size, end - start))
        yield kind, start + 8, start + size
        start += size


def tree(data):
    """Every box by its path, such as moof/traf/tfdt: (start of the body, end)."""
    found = {}

    def walk(prefix, start, end):
        for kind, body, stop in boxes(data, start, end):
            path = prefix + kind.decode("latin-1")
            if path in found:
                raise Malformed("two of " + path)
            found[path] = (body, stop)
            if kind in CONTAINERS:
                walk(path + "/", body, stop)

    walk("", 0, len(data))
    return found


class Reader:
    """The fields of one box, which have to fill it."""

    def __init__(self, data, span, full=True):
        self.data, (self.at, self.end) = data, span
        self.version, self.flags = None, None
        if full:
            head = self.take("I")
            self.version, self.flags = head >> 24, head & 0xFFFFFF

    def take(self, form):
        size = struct.calcsize(">" + form)
        if self.at + size > self.end:
            raise Malformed("a box ends early")
        values = struct.unpack_from(">" + form, self.data, self.at)
        self.at += size
        return values[0] if len(values) == 1 else values

    def skip(self, count):
        self.take("%ds" % count)

    def rest(self):
        taken, self.at = self.data[self.at:self.end], self.end
        return taken

    def done(self, name):
        if self.at != self.end:
            raise Malformed("%d bytes behind the fields of %s" % (self.end - self.at, name))


class Init:
    """An init section: time scale, edit, sample entry, defaults, roll distance."""

    def __init__(self, data):
        found = tree(data)
        order = [kind for kind, _, _ in boxes(data)]
        if order != [b"ftyp", b"moov"]:
            raise Malformed("init section of %r" % order)
        header = Reader(data, found["moov/mvhd"])
        header.skip(16 if header.version else 8)
        self.movie_scale = header.take("I")
        media = Reader(data, found["moov/trak/mdia/mdhd"])
        media.skip(16 if media.version else 8)
        self.scale = media.take("I")
        edit = Reader(data, found["moov/trak/edts/elst"])
        if edit.take("I") != 1:
            raise Malformed("more than one edit")
        self.edit_duration, self.media_time = edit.take("Qq" if edit.version else "Ii")
        if edit.take("hh") != (1, 0):
            raise Malformed("an edit that does not play at its own rate")
        edit.done("elst")
        fragment = Reader(data, found["moov/mvex/mehd"])
        self.movie_duration = fragment.take("Q" if fragment.version else "I")
        defaults = Reader(data, found["moov/mvex/trex"])
        self.track, _, self.default_duration, self.default_size, _ = defaults.take("IIIII")
        defaults.done("trex")
        for table in ("stts", "stsc", "stco"):
            if Reader(data, found["moov/trak/mdia/minf/stbl/" + table]).take("I") != 0:
                raise Malformed("samples in " + table)
        self.roll = None
        if "moov/trak/mdia/minf/stbl/sgpd" in found:
            groups = Reader(data, found["moov/trak/mdia/minf/stbl/sgpd"])
            kind, size, count = groups.take("4sII")
            if (kind, size, count) != (b"roll", 2, 1):
                raise Malformed("sample groups %r" % kind)
            self.roll = groups.take("h")
            groups.done("sgpd")
        self._entry(data, found["moov/trak/mdia/minf/stbl/stsd"])

    def _entry(self, data, span):
        table = Reader(data, span)
        if table.take("I") != 1:
            raise Malformed("more than one sample entry")
        entries = list(boxes(data, table.at, table.end))
        kind, body, end = entries[0]
        self.entry = kind.decode("latin-1")
        entry = Reader(data, (body, end), full=False)
        entry.skip(16)
        self.channels, self.bits = entry.take("HH")
        entry.skip(4)
        self.entry_rate = entry.take("I") / 65536
        (child, start, stop), = boxes(data, entry.at, entry.end)
        self.set_up = child.decode("latin-1"), bytes(data[start:stop])

    @property
    def stream_information(self):
        """The bytes before the first frame of a FLAC file: the marker and the one metadata block in dfLa."""
        name, content = self.set_up
        return b"fLaC" + content[4:]

    @property
    def pre_skip(self):
        return struct.unpack_from(">H", self.set_up[1], 2)[0]


class Segment:
    """A media segment: its fragments, each a moof and an mdat, and what fills it up."""

    def __init__(self, data, init):
        found = list(boxes(data))
        order = [kind for kind, _, _ in found if kind != b"free"]
        if order[:1] != [b"styp"] or len(order) < 3 or order[1:] != [b"moof", b"mdat"] * (len(order) // 2):
            raise Malformed("segment of %r" % order)
        self.fragments = []
        for (kind, start, _), (_, _, end) in zip(found, found[1:]):
            if kind == b"moof":
                self.fragments.append(Fragment(data[start - 8:end], init))
        time = self.fragments[0].time
        for one in self.fragments:
            if one.time != time:
                raise Malformed("a fragment at %d, not %d" % (one.time, time))
            if one.grouped not in (None, len(one.sizes)):
                raise Malformed("a group of %d samples of %d" % (one.grouped, len(one.sizes)))
            time += one.duration
        self.sequence, self.time = self.fragments[0].sequence, self.fragments[0].time
        self.last_sequence = self.fragments[-1].sequence
        self.durations = [duration for one in self.fragments for duration in one.durations]
        self.sizes = [size for one in self.fragments for size in one.sizes]
        self.samples = b"".join(one.samples for one in self.fragments)
        # A decoder starts at the first.
        self.grouped = None if self.fragments[0].grouped is None else len(self.sizes)
        self.filling = sum(end - start for kind, start, end in found if kind == b"free")

    @property
    def duration(self):
        return sum(self.durations)


class Fragment:
    """A moof and an mdat: when they begin, how long each sample lasts, how large it is, and the samples' bytes."""

    def __init__(self, data, init):
        found = tree(data)
        order = [kind for kind, _, _ in boxes(data)]
        if order != [b"moof", b"mdat"]:
            raise Malformed("fragment of %r" % order)
        moof = found["moof"][0] - 8
        self.sequence = Reader(data, found["moof/mfhd"]).take("I")
        head = Reader(data, found["moof/traf/tfhd"])
        if head.take("I") != init.track or not head.flags & 0x020000:
            raise Malformed("another track, or offsets not from moof")
        if head.flags & 0x01:
            head.skip(8)
        if head.flags & 0x02:
            head.skip(4)
        duration = head.take("I") if head.flags & 0x08 else init.default_duration
        size = head.take("I") if head.flags & 0x10 else init.default_size
        if head.flags & 0x20:
            head.skip(4)
        head.done("tfhd")
        time = Reader(data, found["moof/traf/tfdt"])
        self.time = time.take("q" if time.version else "i")
        time.done("tfdt")
        run = Reader(data, found["moof/traf/trun"])
        count = run.take("I")
        offset = run.take("i") if run.flags & 0x01 else None
        if run.flags & 0x04:
            run.skip(4)
        self.durations, self.sizes = [], []
        for _ in range(count):
            self.durations.append(run.take("I") if run.flags & 0x100 else duration)
            self.sizes.append(run.take("I") if run.flags & 0x200 else size)
            if run.flags & 0x400:
                run.skip(4)
            if run.flags & 0x800:
                raise Malformed("composition offsets in audio")
        run.done("trun")
        start, end = found["mdat"]
        if offset != start - moof:
            raise Malformed("samples at %r, mdat at %d" % (offset, start - moof))
        if sum(self.sizes) != end - start:
            raise Malformed("samples of %d bytes, mdat of %d" % (sum(self.sizes), end - start))
        self.samples = bytes(data[start:end])
        self.grouped = None
        if "moof/traf/sbgp" in found:
            groups = Reader(data, found["moof/traf/sbgp"])
            kind, entries = groups.take("4sI")
            if kind != b"roll" or entries != 1:
                raise Malformed("sample groups %r" % kind)
            self.grouped, index = groups.take("II")
            if index != 1:
                raise Malformed("group %d" % index)
            groups.done("sbgp")

    @property
    def duration(self):
        return sum(self.durations)
