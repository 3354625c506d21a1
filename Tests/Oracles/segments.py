"""Checks every playlist, manifest, init section and segment of one track. Prints {"problems": [...], "figures": {...}}.

Usage: python segments.py BASE TOKEN TRACK SOURCE    (needs m3u8 and mpegdash, and the programs ffmpeg, ffprobe and flac)
"""
import array
import concurrent.futures
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import m3u8
from mpegdash.parser import MPEGDASHParser

from boxes import Init, Malformed, Segment

CODECS = {"aac": "mp4a.40.2", "opus": "opus", "flac": "fLaC"}
ENTRIES = {"aac": "mp4a", "opus": "Opus", "flac": "fLaC"}
PRIMING = {"aac": 1024, "opus": 312, "flac": 0}
FRAME = {"aac": 1024, "opus": 960, "flac": 4608}
ROLL = {"aac": -1, "opus": -4, "flac": None}

problems = []
figures = {}


def check(holds, words):
    if not holds and len(problems) < 100:
        problems.append(words)
    return holds


def most(name, value):
    figures[name] = max(figures.get(name, -math.inf), value)


class Server:
    def __init__(self, base, token):
        self.base, self.token = base, token

    def ask(self, url, headers={}, method=None, data=None):
        """Status, header fields, body; a body of another length than its Content-Length is a problem."""
        request = urllib.request.Request(urllib.parse.urljoin(self.base, url), headers=headers, method=method, data=data)
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                status, fields, body = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            status, fields, body = error.code, error.headers, error.read()
        if status != 304:
            check(fields.get("Content-Length") == str(len(body)), "%s: Content-Length %s of %d bytes" % (
                url, fields.get("Content-Length"), len(body)))
        return status, fields, body

    @property
    def bearer(self):
        return {"Authorization": "Bearer " + self.token}

    def get(self, url, headers=None):
        status, fields, body = self.ask(url, self.bearer if headers is None else headers)
        if status != 200:
            raise Malformed("%s: %d %r" % (url, status, body[:200]))
        return fields, body


class Rung:
    """One rendition as the server gave it."""

    def __init__(self, name, ladder, init_bytes, segments):
        self.name, self.ladder, self.init_bytes, self.bytes = name, ladder, init_bytes, segments
        self.init = Init(init_bytes)
        self.fragments = [Segment(data, self.init) for data in segments]

    @property
    def joined(self):
        return self.init_bytes + b"".join(self.bytes)


def tool(*words, data=None):
    return subprocess.run(words, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600)


def microseconds(seconds):
    return round(seconds * 1_000_000)


def check_playlist(server, track, ladder, variant, url, samples, ticket):
    """A rung by its media playlist: fetched, taken apart, and held against the track's length."""
    name = urllib.parse.urlparse(url).path.split("/")[-2]
    where = "%s %s" % (track["title"], name)
    fields, body = server.get(url)
    check(fields.get_content_type() == "application/vnd.apple.mpegurl", where + ": type of the playlist")
    text = body.decode("utf-8")
    playlist = m3u8.loads(text)
    check(playlist.is_endlist and playlist.playlist_type == "vod", where + ": no whole VOD playlist")
    check(playlist.is_independent_segments and playlist.media_sequence in (0, None), where + ": playlist tags")
    check(text.startswith("#EXTM3U\n") and text.rstrip().endswith("#EXT-X-ENDLIST"), where + ": playlist ends")
    uris = [segment.uri for segment in playlist.segments] + [playlist.segment_map[0].uri]
    check(not any("://" in uri or uri.startswith("/") for uri in uris), where + ": URIs are not relative")
    check(all(("ticket=" in uri) == (ticket is not None) for uri in uris), where + ": tickets in the playlist")
    check(all(segment.init_section.uri == uris[-1] for segment in playlist.segments), where + ": not all under the map")

    addresses = [urllib.parse.urljoin(url, uri) for uri in uris]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(server.get, addresses))
    rung = Rung(name, ladder, answers[-1][1], [body for _, body in answers[:-1]])
    tags = [fields["ETag"] for fields, _ in answers]
    check(all(re.fullmatch('"[^"]+"', tag or "") for tag in tags) and len(set(tags)) == len(tags), where + ": ETags")
    check(all(fields.get_content_type() == "audio/mp4" for fields, _ in answers), where + ": type of the segments")
    check(all(fields["Accept-Ranges"] == "bytes" for fields, _ in answers), where + ": Accept-Ranges")
    check(all(fields["Access-Control-Allow-Origin"] == "*" for fields, _ in answers), where + ": CORS")

    # The time line: exact in samples, EXTINF within a microsecond.
    init, fragments = rung.init, rung.fragments
    check((init.media_time, init.entry, init.roll) == (PRIMING[ladder], ENTRIES[ladder], ROLL[ladder]), where + ": init section")
    check(init.scale == init.movie_scale, where + ": two time scales")
    check(init.entry_rate == (init.scale if init.scale < 65536 else 0), where + ": rate of the sample entry")
    if ladder == "opus":
        check(init.pre_skip == PRIMING["opus"], where + ": pre-skip in dOps")
    total = (samples * init.scale + track["sampleRate"] - 1) // track["sampleRate"]
    check(init.edit_duration == total and init.movie_duration == total, where + ": %d in the edit, not %d" % (
        init.edit_duration, total))
    check(sum(f.duration for f in fragments) - init.media_time == total, where + ": %d samples, not %d" % (
        sum(f.duration for f in fragments) - init.media_time, total))
    media = sequence = 0
    presented = []
    for number, fragment in enumerate(fragments):
        check(fragment.sequence > sequence and fragment.time == media >= 0, where + ": time of segment %d" % number)
        sequence = fragment.last_sequence
        check(fragment.grouped == (len(fragment.sizes) if ROLL[ladder] else None), where + ": roll group of segment %d" % number)
        whole = fragment.durations if number < len(fragments) - 1 else fragment.durations[:-1]
        check(all(d == FRAME[ladder] for d in whole), where + ": a frame in the middle is not whole")
        end = media + fragment.duration
        presented.append((max(0, media - init.media_time), end - init.media_time))
        media = end
    check(0 < fragments[-1].durations[-1] <= FRAME[ladder], where + ": last frame")
    declared = [segment.duration for segment in playlist.segments]
    for number, (start, end) in enumerate(presented):
        check(abs(declared[number] - (end - start) / init.scale) <= 1.001e-6, where + ": EXTINF %d" % number)
    off = abs(sum(microseconds(d) for d in declared) - total * 1_000_000 / init.scale)
    check(off <= len(declared), where + ": EXTINF are %.1f us off" % off)
    most("EXTINF off, us", round(off, 2))
    target = playlist.target_duration
    check(all(math.floor(d + 0.5) <= target for d in declared), where + ": target duration")

    # Bandwidth: RFC 8216, section 4.3.4.2.
    sizes = [len(data) for data in rung.bytes]
    seconds = [(end - start) / init.scale for start, end in presented]
    peak = 0
    for first in range(len(sizes)):
        bits = length = 0
        for number in range(first, len(sizes)):
            bits, length = bits + 8 * sizes[number], length + seconds[number]
            if length > 1.5 * target:
                break
            if length >= 0.5 * target:
                peak = max(peak, bits / length)
    average = 8 * sum(sizes) / sum(seconds)
    information = variant.stream_info
    check(peak <= information.bandwidth, where + ": peak of %d, declared %d" % (peak, information.bandwidth))
    check(average <= information.average_bandwidth, where + ": average of %d, declared %d" % (
        average, information.average_bandwidth))
    most("%s peak / BANDWIDTH" % ladder, round(peak / information.bandwidth, 4))
    most("%s average / AVERAGE-BANDWIDTH" % ladder, round(average / information.average_bandwidth, 4))

    if ladder == "aac":
        # Every whole segment is as large as any other, and two percent of it are filling at most, where the encoder has use for the bits.
        check(len(set(sizes[1:-1])) <= 1, where + ": segments of %r bytes" % set(sizes[1:-1]))
        filling = sum(f.filling for f in fragments) / sum(sizes)
        figures["%s filling, %%" % name] = round(100 * filling, 2)
    check_requests(server, where, addresses, answers)
    figures["segments"] = figures.get("segments", 0) + len(sizes)
    return rung, presented


def check_requests(server, where, addresses, answers):
    """Ranges and conditions on a few of the segments, and on the init section."""
    for place in {0, len(addresses) // 2, len(addresses) - 2, len(addresses) - 1}:
        url, (fields, body) = addresses[place], answers[place]
        size = len(body)
        for start, end in ((0, 0), (size // 3, size // 2), (size - 1, size - 1)):
            status, part, got = server.ask(url, {**server.bearer, "Range": "bytes=%d-%d" % (start, end)})
            check(status == 206 and got == body[start:end + 1], where + ": range %d-%d of %d: %d" % (start, end, place, status))
            check(part["Content-Range"] == "bytes %d-%d/%d" % (start, end, size) and part["ETag"] == fields["ETag"],
                  where + ": fields of a range")
        status, _, got = server.ask(url, {**server.bearer, "Range": "bytes=-7"})
        check(status == 206 and got == body[-7:], where + ": the last seven bytes")
        status, part, _ = server.ask(url, {**server.bearer, "Range": "bytes=%d-" % size})
        check(status == 416 and part["Content-Range"] == "bytes */%d" % size, where + ": a range behind the end")
        status, _, _ = server.ask(url, {**server.bearer, "If-None-Match": fields["ETag"]})
        check(status == 304, where + ": If-None-Match: %d" % status)
        status, _, _ = server.ask(url)
        check(status == 401, where + ": no credentials: %d" % status)


def check_ladder(server, track, ladder, master, samples, ticket, source):
    where = "%s %s" % (track["title"], ladder)
    _, body = server.get(master)
    playlist = m3u8.loads(body.decode("utf-8"))
    check(playlist.is_variant and playlist.is_independent_segments, where + ": master playlist")
    rungs, times = [], []
    for variant in playlist.playlists:
        check(variant.stream_info.codecs == CODECS[ladder], where + ": CODECS")
        check(variant.stream_info.average_bandwidth is not None, where + ": AVERAGE-BANDWIDTH")
        url = urllib.parse.urljoin(master, variant.uri)
        rung, presented = check_playlist(server, track, ladder, variant, url, samples, None)
        rungs.append(rung)
        times.append(presented)
    pairs = sorted(zip(rungs, times, playlist.playlists), key=lambda pair: pair[2].stream_info.bandwidth)
    rungs, times, variants = zip(*pairs)
    if not check(len({r.init.scale for r in rungs}) == 1 and all(t == times[0] for t in times), where + ": boundaries differ"):
        return
    check(len({tuple(map(tuple, (f.durations for f in r.fragments))) for r in rungs}) == 1, where + ": frames differ")
    check(len({(r.init.channels, r.init.entry) for r in rungs}) == 1, where + ": channels differ")
    check_tickets(server, master, ticket, rungs, where)
    check_manifest(server, track, ladder, ticket, rungs, times[0], variants, where)
    with tempfile.TemporaryDirectory() as folder:
        references = [check_rung(rung, folder, where + " " + rung.name) for rung in rungs]
        if ladder == "flac":
            check_flac(rungs[0], source, folder, where)
        elif all(references):
            check_switching(rungs, references, times[0], source, folder, where)
    figures["rungs"] = figures.get("rungs", 0) + len(rungs)


def check_tickets(server, master, ticket, rungs, where):
    """The same bytes for who has no more than a ticket on the master playlist."""
    status, _, body = server.ask(master + "?ticket=" + urllib.parse.quote(ticket))
    if not check(status == 200, where + ": master by ticket: %d" % status):
        return
    known = {rung.name: rung for rung in rungs}
    for variant in m3u8.loads(body.decode("utf-8")).playlists:
        url = urllib.parse.urljoin(master, variant.uri)
        _, text = server.get(url, {})
        playlist = m3u8.loads(text.decode("utf-8"))
        rung = known[urllib.parse.urlparse(url).path.split("/")[-2]]
        uris = [playlist.segment_map[0].uri] + [segment.uri for segment in playlist.segments]
        check(all("ticket=" in uri for uri in uris), where + ": tickets are not repeated")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            bodies = list(pool.map(lambda uri: server.get(urllib.parse.urljoin(url, uri), {})[1], uris))
        check(bodies == [rung.init_bytes] + rung.bytes, where + " " + rung.name + ": other bytes by ticket")


def check_manifest(server, track, ladder, ticket, rungs, presented, variants, where):
    url = track["dash"][ladder]
    fields, body = server.get(url)
    check(fields.get_content_type() == "application/dash+xml", where + ": type of the MPD")
    text = body.decode("utf-8")
    manifest = MPEGDASHParser.parse(text)
    scale = rungs[0].init.scale
    check(manifest.type == "static" and "isoff-live:2011" in manifest.profiles, where + ": kind of MPD")
    length = float(re.fullmatch(r"PT([\d.]+)S", manifest.media_presentation_duration)[1])
    check(abs(length - presented[-1][1] / scale) <= 1e-6, where + ": length in the MPD")
    (period,), = [manifest.periods]
    (adaptation,), = [period.adaptation_sets]
    check(adaptation.segment_alignment in (True, "true"), where + ": alignment")
    representations = adaptation.representations
    check([r.id for r in representations] == [r.name for r in rungs], where + ": representations")
    for representation, rung, variant in zip(representations, rungs, variants):
        check(representation.bandwidth == variant.stream_info.bandwidth, where + ": bandwidth in the MPD")
        check(representation.codecs == CODECS[ladder], where + ": codecs in the MPD")
        template, = representation.segment_templates
        check(int(template.start_number) == 0 and int(template.timescale) == scale, where + ": template")
        times, at = [], 0
        for entry in template.segment_timelines[0].Ss:
            at = entry.t if entry.t is not None else at
            for _ in range((entry.r or 0) + 1):
                times.append((at, at + entry.d))
                at += entry.d
        check(times == list(presented), where + ": SegmentTimeline of " + rung.name)
        initial = urllib.parse.urljoin(url, template.initialization)
        check(server.get(initial)[1] == rung.init_bytes, where + ": init section by the MPD")
        last = len(times) - 1
        for number in {0, last}:
            address = urllib.parse.urljoin(url, template.media.replace("$Number$", str(number)))
            check(server.get(address)[1] == rung.bytes[number], where + ": segment %d by the MPD" % number)
    status, _, body = server.ask(url + "?ticket=" + urllib.parse.quote(ticket))
    uris = re.findall(r'(?:initialization|media)="([^"]*)"', body.decode("utf-8"))
    check(status == 200 and uris and all("ticket=" in uri for uri in uris), where + ": tickets in the MPD")


def check_rung(rung, folder, where):
    """What ffprobe and ffmpeg make of the segments in a row; gives the path of the decoded samples, 32-bit floats, and how
    many of them per channel are before the track's first."""
    path = os.path.join(folder, rung.name + ".mp4")
    with open(path, "wb") as file:
        file.write(rung.joined)
    probe = tool("ffprobe", "-v", "warning", "-show_entries", "packet=pts,duration,size", "-of", "json", path)
    check(probe.returncode == 0 and not probe.stderr, where + ": ffprobe: " + probe.stderr.decode("utf-8", "replace")[:300])
    packets = json.loads(probe.stdout)["packets"]
    durations = [d for f in rung.fragments for d in f.durations]
    sizes = [s for f in rung.fragments for s in f.sizes]
    check([int(p["size"]) for p in packets] == sizes, where + ": packets of other sizes")
    media, expected = 0, []
    for duration in durations:
        expected.append(media - rung.init.media_time)
        media += duration
    check([int(p["pts"]) for p in packets] == expected, where + ": packets at other times")
    # ffprobe shows no duration for Opus, nor for AAC's first packet; and for AAC's last, that of a whole frame.
    told = [(int(p["duration"]), d) for p, d in zip(packets, durations) if "duration" in p]
    if rung.ladder == "aac":
        del told[-1]
    check(all(shown == duration for shown, duration in told), where + ": packets of other lengths")

    target = os.path.join(folder, rung.name + ".f32")
    decoder = tool("ffmpeg", "-nostdin", "-v", "warning", "-i", path, "-f", "f32le", "-y", target)
    check(decoder.returncode == 0 and not decoder.stderr, where + ": ffmpeg: " + decoder.stderr.decode("utf-8", "replace")[:300])
    total = rung.init.edit_duration
    got = os.path.getsize(target) // (4 * rung.init.channels)
    # Of MP4 in fragments ffmpeg 5.1 leaves off neither the end of the last frame nor AAC's priming, though it knows both.
    priming = rung.init.media_time if rung.ladder == "aac" else 0
    tail = FRAME[rung.ladder] - durations[-1] if rung.ladder != "flac" else 0
    check(got - total in {0, tail, priming, priming + tail}, where + ": %d samples decoded, not %d" % (got, total))
    return (target, priming if got - total in {priming, priming + tail} else 0) if got >= total else None


def check_flac(rung, source, folder, where):
    """The frames in a row behind STREAMINFO are a FLAC file, and that is the source."""
    path, wave = os.path.join(folder, "joined.flac"), os.path.join(folder, "joined.wav")
    with open(path, "wb") as file:
        file.write(rung.init.stream_information + b"".join(f.samples for f in rung.fragments))
    test = tool("flac", "-t", "-s", path)
    # The one thing flac may say is that no MD5 was there to check.
    words = test.stderr.decode("utf-8", "replace").strip()
    check(test.returncode == 0 and (not words or "MD5" in words), where + ": flac -t: " + words)
    tool("flac", "-d", "-s", "-f", "-o", wave, path)
    ours, theirs = (tool("ffmpeg", "-nostdin", "-v", "error", "-i", file, "-map", "0:a:0", "-f", "s32le", "-").stdout for file in (wave, source))
    check(len(ours) > 0 and ours == theirs, where + ": other samples than the source's (%d and %d bytes)" % (len(ours), len(theirs)))
    figures["FLAC bytes equal to the source's"] = figures.get("FLAC bytes equal to the source's", 0) + len(ours)


def samples_of(path, skipped=0):
    values = array.array("f")
    with open(path, "rb") as file:
        file.seek(4 * skipped)
        values.frombytes(file.read())
    return values


def check_switching(rungs, references, presented, source, folder, where):
    """One decoder is fed another rung with every segment. Around each switch its error against the source, in blocks, is held against
    the worse of the two rungs' own errors there, and its steepest bend against the steepest of the source and the two: a click would
    stand out in both. Where one AAC rung's encoder took short windows and the other's long ones, a block or two lose aliasing that
    should have cancelled, and are allowed to."""
    if len(rungs) < 2 or len(presented) < 2:
        return
    first = rungs[0].init
    original = os.path.join(folder, "source.f32")
    words = ["ffmpeg", "-nostdin", "-v", "error", "-i", source, "-map", "0:a:0", "-ar", str(first.scale), "-ac", str(first.channels)]
    if tool(*words, "-f", "f32le", "-y", original).returncode != 0:
        return
    truth = samples_of(original)
    block, reach = 256, 2048
    step = first.channels
    own = [samples_of(path, priming * step) for path, priming in references]
    for label, order in (("ends", [0, len(rungs) - 1]), ("all", list(range(len(rungs))))):
        chosen = [order[number % len(order)] for number in range(len(presented))]
        path, target = os.path.join(folder, "mixed.mp4"), os.path.join(folder, "mixed.f32")
        with open(path, "wb") as file:
            file.write(rungs[chosen[0]].init_bytes + b"".join(rungs[r].bytes[n] for n, r in enumerate(chosen)))
        decoder = tool("ffmpeg", "-nostdin", "-v", "warning", "-i", path, "-f", "f32le", "-y", target)
        check(decoder.returncode == 0 and not decoder.stderr, where + ": switching: " + decoder.stderr.decode("utf-8", "replace")[:300])
        mixed = samples_of(target, references[0][1] * step)
        if not check(len(mixed) >= first.edit_duration * step, where + ": switching: %d samples" % (len(mixed) // step)):
            continue
        # Far from a switch the sound is the rung's own: up to the noise that an AAC decoder makes up itself.
        for number, (start, end) in enumerate(presented):
            middle = (start + end) // 2
            span = slice(middle * step, min(middle + 8192, end, len(truth) // step) * step)
            errors = [sum((x - y) ** 2 for x, y in zip(sound[span], truth[span])) for sound in (mixed, own[chosen[number]])]
            check(abs(10 * math.log10((errors[0] + 1e-9) / (errors[1] + 1e-9))) < 0.5, where + ": segment %d is not its rung's (%s)" % (
                number, label))
        losses, bends = [], []
        for number in range(1, len(presented)):
            join = presented[number][0]
            before, after = own[chosen[number - 1]], own[chosen[number]]
            near = slice(max(0, join - reach) * step, (join + reach) * step)
            bends.append(bend(mixed[near], step) / (max(bend(sound[near], step) for sound in (truth, before, after)) + 1e-4))
            for start in range(max(0, join - reach), min(join + reach, first.edit_duration - block, len(truth) // step - block), block):
                span = slice(start * step, (start + block) * step)
                power = sum(x * x for x in truth[span])
                error = sum((x - y) ** 2 for x, y in zip(mixed[span], truth[span]))
                known = max(sum((x - y) ** 2 for x, y in zip(rung[span], truth[span])) for rung in (before, after))
                if power > 1e-7 * block and error > power * 10 ** -2.5:
                    losses.append(10 * math.log10(error / max(known, 1e-12)))
        ladder = rungs[0].ladder
        most("%s switching, steepest bend" % ladder, round(max(bends), 2))
        check(max(bends) <= 1.5, where + ": a click at a switch, %.2f (%s)" % (max(bends), label))
        if losses:
            heavy = sum(loss > 6 for loss in losses)
            most("%s switching, worst block, dB" % ladder, round(max(losses), 2))
            most("%s switching, mean, dB" % ladder, round(sum(losses) / len(losses), 2))
            figures["%s switching, blocks" % ladder] = figures.get("%s switching, blocks" % ladder, 0) + len(losses)
            figures["%s switching, blocks over 6 dB" % ladder] = figures.get("%s switching, blocks over 6 dB" % ladder, 0) + heavy
            check(heavy <= (2 + len(losses) // 50 if ladder == "aac" else 0), where + ": %d blocks lose more than 6 dB (%s)" % (
                heavy, label))
            check(sum(losses) / len(losses) <= 1, where + ": switching costs %.1f dB (%s)" % (sum(losses) / len(losses), label))


def bend(sound, step):
    """The largest second difference of one channel."""
    return max((abs(a - 2 * b + c) for a, b, c in zip(sound, sound[step:], sound[2 * step:])), default=0)


def main():
    base, token, identifier, source = sys.argv[1:5]
    server = Server(base, token)
    track = json.loads(server.get("/api/v1/tracks/" + identifier)[1])
    _, _, answer = server.ask("/api/v1/tracks/%s/ticket" % identifier, {**server.bearer, "Content-Type": "application/json"},
                              data=b'{"rendition":"*"}')
    ticket = json.loads(answer)["ticket"]
    check(set(track["hls"]) == set(track["dash"]) and {"aac", "opus"} <= set(track["hls"]), "%r" % track["hls"])
    for ladder, master in track["hls"].items():
        try:
            check_ladder(server, track, ladder, master, track["samples"], ticket, source)
        except (Malformed, ValueError, KeyError, TypeError, AttributeError) as problem:
            check(False, "%s %s: %s: %s" % (track["title"], ladder, type(problem).__name__, problem))
    print(json.dumps({"problems": problems, "figures": figures}))


main()
