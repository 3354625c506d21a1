"""Prints mutagen's reading of audio files as JSON in sweetspot's field names, a line a file.

Usage: /usr/bin/python3 mutagen_tags.py FILE LAYOUT [FILE LAYOUT ...]
The values are mutagen's; what this adds is sweetspot's rules of which of several counts (Sources/Audio/TrackTags.swift).
"""
import io
import json
import os
import re
import struct
import sys
import unicodedata
from base64 import b64decode

import mutagen
import mutagen.aiff
import mutagen.apev2
import mutagen.asf
import mutagen.flac
import mutagen.id3
import mutagen.mp4
import mutagen.wave
from mutagen._iff import InvalidChunk
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis

# What the names of these corpus files say of their ID3v1 tags, which cannot say it themselves.
CHARSETS = {"tag-sample_ms932_v1.1.mp3": "cp932", "tag-sample_utf8_v1.1.mp3": "utf-8"}
CHARACTERS, VALUES, LINES = 1024, 64, 1 << 16
LINED = {"lyrics", "timedLyrics", "cueSheet"}
NAMES = {
    "title": ("title", 0), "artist": ("artist", 0), "author": ("artist", 1), "artists": ("artists", 0),
    "wmartists": ("artists", 0), "albumartist": ("albumArtist", 0), "albumartists": ("albumArtists", 0), "album": ("album", 0),
    "composer": ("composer", 0), "genre": ("genre", 0), "date": ("date", 0), "year": ("date", 1), "releasedate": ("date", 2),
    "datereleased": ("date", 2), "daterecorded": ("date", 3),
    "tracknumber": ("track", 0), "track": ("track", 1), "tracktotal": ("trackTotal", 0), "totaltracks": ("trackTotal", 1),
    "discnumber": ("disc", 0), "disc": ("disc", 1), "disctotal": ("discTotal", 0), "totaldiscs": ("discTotal", 1),
    "compilation": ("compilation", 0), "itunescompilation": ("compilation", 1), "tcmp": ("compilation", 1), "comment": ("comment", 0), "description": ("comment", 1), "isrc": ("isrc", 0),
    "bpm": ("tempo", 0), "tempo": ("tempo", 1), "mood": ("moods", 0), "discsubtitle": ("discTitle", 0), "setsubtitle": ("discTitle", 1),
    "titlesort": ("titleSort", 0), "artistsort": ("artistSort", 0), "albumsort": ("albumSort", 0),
    "albumartistsort": ("albumArtistSort", 0), "musicbrainztrackid": ("mbRecording", 0),
    "musicbrainzreleasetrackid": ("mbTrack", 0), "musicbrainzalbumid": ("mbRelease", 0),
    "musicbrainzreleasegroupid": ("mbReleaseGroup", 0), "musicbrainzartistid": ("mbArtists", 0),
    "musicbrainzalbumartistid": ("mbAlbumArtists", 0), "replaygaintrackgain": ("trackGain", 0),
    "replaygaintrackpeak": ("trackPeak", 0), "replaygainalbumgain": ("albumGain", 0), "replaygainalbumpeak": ("albumPeak", 0),
    "r128trackgain": ("opusTrackGain", 0), "r128albumgain": ("opusAlbumGain", 0), "syncedlyrics": ("timedLyrics", 0),
    "lyrics": ("lyrics", 0), "unsyncedlyrics": ("lyrics", 1), "unsynchronisedlyrics": ("lyrics", 1), "cuesheet": ("cueSheet", 0),
    "wmalbumartist": ("albumArtist", 0), "wmalbumtitle": ("album", 0), "wmcomposer": ("composer", 0), "wmgenre": ("genre", 0),
    "wmyear": ("date", 0), "wmtracknumber": ("track", 0), "wmpartofset": ("disc", 0), "wmiscompilation": ("compilation", 0),
    "wmisrc": ("isrc", 0), "wmbeatsperminute": ("tempo", 0), "wmmood": ("moods", 0), "wmsetsubtitle": ("discTitle", 0), "wmtitlesortorder": ("titleSort", 0), "wmartistsortorder": ("artistSort", 0),
    "wmalbumsortorder": ("albumSort", 0), "wmalbumartistsortorder": ("albumArtistSort", 0), "wmlyrics": ("lyrics", 0),
}


def clean(text, lines=False):
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\ufeff", "").replace("\ufffe", "")
    if not lines:
        text = text.replace("\n", " ")
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc")
    text = unicodedata.normalize("NFC", text).strip()
    if lines:
        return text.encode("utf-8", "replace")[:LINES].decode("utf-8", "ignore")
    return text[:CHARACTERS].strip()


class Values:
    def __init__(self):
        self.entries = {}

    def add(self, field, text, rank=0):
        text = clean(text, field in LINED)
        if not text:
            return
        held, texts = self.entries.get(field, (rank, []))
        if rank < held:
            held, texts = rank, []
        if rank == held and text not in texts and len(texts) < VALUES:
            texts.append(text)
        self.entries[field] = (held, texts)

    def named(self, name, text, rank=0):
        found = NAMES.get(re.sub("[^a-z0-9]", "", name.lower()))
        if found:
            self.add(found[0], text, rank + found[1])

    def fill(self, other):
        for field, entry in other.entries.items():
            self.entries.setdefault(field, entry)

    def __getitem__(self, field):
        return self.entries.get(field, (0, []))[1]


def describe(data):
    """Format, width and height of a picture by its header; None where it has none."""
    if data[:3] == b"\xff\xd8\xff":
        at = 2
        while at + 9 <= len(data) and data[at] == 0xFF:
            marker = data[at + 1]
            if marker == 0xFF:
                at += 1
            elif marker == 1 or 0xD0 <= marker <= 0xD8:
                at += 2
            elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                height, width = struct.unpack(">HH", data[at + 5:at + 9])
                return "jpeg", width, height
            elif marker in (0xD9, 0xDA, 0):
                return None
            else:
                at += 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
        return None
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR" and len(data) >= 24:
        return ("png",) + struct.unpack(">II", data[16:24])
    if data[:4] == b"GIF8" and len(data) >= 10:
        return ("gif",) + struct.unpack("<HH", data[6:10])
    return None


class Pictures:
    def __init__(self):
        self.best, self.front = None, False

    def offer(self, data, kind):
        shape = describe(data) if len(data) <= 8 << 20 else None
        if self.front or not shape or not 0 < shape[1] * shape[2] <= 25_000_000 or (self.best and kind != 3):
            return
        self.best, self.front = "%s %dx%d %d" % (shape + (len(data),)), kind == 3


def genres(frame):
    """mutagen's own reading, without the word it has for numbers without a genre."""
    return [g for g in frame.genres if g != "Unknown"]


def lrc(pairs):
    by_syllable = any("\n" in text for text, _ in pairs)
    out = ""
    for text, time in pairs:
        if text.startswith("\n") or not out or not by_syllable:
            h = time // 10
            out += ("\n" if out else "") + "[%02d:%02d.%02d]" % (h // 6000, h // 100 % 60, h % 100)
        out += re.sub("[\r\n]", " ", text[1:] if text.startswith("\n") else text)
    return out


def read_id3(tag, pictures):
    values = Values()
    texts = {
        "TIT2": "title", "TPE1": "artist", "TPE2": "albumArtist", "TALB": "album", "TCOM": "composer", "TRCK": "track",
        "TPOS": "disc", "TCMP": "compilation", "TSRC": "isrc", "TBPM": "tempo", "TMOO": "moods", "TSST": "discTitle", "TSOT": "titleSort", "TSOP": "artistSort", "TSOA": "albumSort",
        "TSO2": "albumArtistSort",
    }
    for name, field in texts.items():
        for frame in tag.getall(name):
            for text in frame.text:
                values.add(field, text)
    for name, rank in (("TDRC", 0), ("TDRL", 2)):
        for frame in tag.getall(name):
            for stamp in frame.text:
                values.add("date", stamp.text, rank)
    years = [t for f in tag.getall("TYER") for t in f.text]
    days = [t for f in tag.getall("TDAT") for t in f.text]
    if years:
        date = years[0]
        if re.fullmatch("[0-9]{4}", date) and days and re.fullmatch("[0-9]{4}", days[0]):
            date += "-" + days[0][2:] + "-" + days[0][:2]
        values.add("date", date, 1)
    for frame in tag.getall("TCON"):
        for genre in genres(frame):
            values.add("genre", genre)
    for frame in tag.getall("TXXX"):
        for text in frame.text:
            values.named(frame.desc, text, 4)
    for frame in tag.getall("COMM"):
        if not frame.desc.startswith(("iTun", "Songs-DB")):
            for text in frame.text:
                values.add("comment", text, 1 if frame.desc else 0)
    for frame in tag.getall("USLT"):
        values.add("lyrics", frame.text)
    for frame in tag.getall("SYLT"):
        if frame.format == 2:
            values.add("timedLyrics", lrc(frame.text))
    for frame in tag.getall("UFID"):
        if frame.owner == "http://musicbrainz.org":
            values.add("mbRecording", frame.data.decode("utf-8", "replace"))
    for frame in tag.getall("RVA2"):
        if frame.desc.lower() in ("track", "album") and frame.channel == 1:
            values.add(frame.desc.lower() + "Gain", repr(frame.gain), 8)
            if frame.peak:
                values.add(frame.desc.lower() + "Peak", repr(frame.peak), 8)
    for frame in tag.getall("APIC"):
        pictures.offer(frame.data, int(frame.type))
    if getattr(tag, "version", (2, 4, 0)) < (2, 4, 0):
        part_slashes(values)
    return values


def part_slashes(values):
    """Before 2.4 slashes part artists; names of two letters on a side of one, such as AC/DC, are left."""
    for shown, listed, ids in ("artist", "artists", "mbArtists"), ("albumArtist", "albumArtists", "mbAlbumArtists"):
        texts = values[listed] or values[shown]
        parts = [part.strip() for part in texts[0].split("/")] if len(texts) == 1 else []
        known = len(identifiers(values[ids]))
        if len(parts) > 1 and min(map(len, parts)) >= 3 and known in (0, len(parts)):
            values.entries[listed] = (0, [])
            for part in parts:
                values.add(listed, part)


def read_ape(tag, pictures):
    values = Values()
    for key, value in tag.items():
        if value.kind == mutagen.apev2.TEXT:
            for text in str(value).split("\0"):
                values.named(key, text)
        elif value.kind == mutagen.apev2.BINARY and key.lower().startswith("cover art"):
            pictures.offer(value.value.split(b"\0", 1)[-1], 3 if key.lower() == "cover art (front)" else 0)
    return values


def read_vorbis(comments, pictures):
    values = Values()
    old = None
    for name, text in comments:
        if name.lower() == "metadata_block_picture":
            try:
                picture = mutagen.flac.Picture(b64decode(text))
                pictures.offer(picture.data, picture.type)
            except Exception:
                pass
        elif name.lower() == "coverart":
            try:
                old = old or b64decode(text)
            except Exception:
                pass
        else:
            values.named(name, text)
    if old:
        pictures.offer(old, 0)
    return values


def read_mp4(tags, pictures):
    values = Values()
    texts = {
        "\xa9nam": "title", "\xa9ART": "artist", "aART": "albumArtist", "\xa9alb": "album", "\xa9wrt": "composer",
        "\xa9day": "date", "\xa9gen": "genre", "\xa9cmt": "comment", "\xa9lyr": "lyrics", "sonm": "titleSort", "soar": "artistSort",
        "soal": "albumSort", "soaa": "albumArtistSort",
    }
    for key, value in (tags or {}).items():
        if key in texts:
            for text in value:
                values.add(texts[key], text)
        elif key in ("trkn", "disk"):
            for number, total in value:
                if number or total:
                    values.add("track" if key == "trkn" else "disc", "%d/%d" % (number, total))
        elif key == "cpil":
            values.add("compilation", "1" if value else "0")
        elif key == "tmpo":
            for number in value:
                values.add("tempo", str(number))
        elif key == "covr":
            for cover in value:
                pictures.offer(bytes(cover), 3)
        elif key.startswith("----:"):
            for item in value:
                values.named(key.split(":", 2)[2], bytes(item).decode("utf-8", "replace"), 4)
    return values


def read_asf(tags, pictures):
    values = Values()
    for name, value in tags:
        if name == "WM/Picture":
            data = value.value
            if isinstance(data, bytes) and len(data) > 5:
                kind, size = struct.unpack_from("<bi", data)
                at = 5
                for _ in range(2):
                    while data[at:at + 2] not in (b"\0\0", b""):
                        at += 2
                    at += 2
                pictures.offer(data[at:at + size], kind)
        elif isinstance(value.value, bytes):
            continue
        elif name.lower() == "wm/track" and isinstance(value.value, int):
            values.named("track", str(value.value + 1))
        else:
            values.named(name, str(int(value.value)) if isinstance(value.value, (bool, int)) else str(value.value))
    return values


def cue_text(block, rate):
    number = re.match(b"[0-9]*", block.media_catalog_number).group().decode()
    lines = (["CATALOG " + number] if number else []) + ['FILE "" WAVE']
    count = len(lines)
    for track in block.tracks:
        if 1 <= track.track_number <= 99:
            lines.append("  TRACK %02d AUDIO" % track.track_number)
            if track.pre_emphasis:
                lines.append("    FLAGS PRE")
            if len(track.isrc) == 12:
                lines.append("    ISRC " + track.isrc.decode())
            for index in track.indexes:
                at = track.start_offset + index.index_offset
                lines.append("    INDEX %02d %02d:%02d:%02d" % (
                    index.index_number, at // rate // 60, at // rate % 60, at % rate * 75 // rate))
    return "\n".join(lines) if len(lines) > count else ""


def read_surroundings(data, layout, pictures, charset=None):
    """Every ID3v2 and APEv2 tag around the sound, and ID3v1 last."""
    id3, ape, at = [], [], 0
    while data[at:at + 3] == b"ID3":
        stream = io.BytesIO(data[at:])
        tag = mutagen.id3.ID3(stream, translate=False, load_v1=False)
        id3.append(tag)
        at += tag.size + (10 if data[at + 3] == 4 and data[at + 5] & 0x10 else 0)
    try:
        ape.append(mutagen.apev2.APEv2(io.BytesIO(data)))
    except mutagen.MutagenError:
        pass
    values = Values()
    readers = [(read_id3, id3), (read_ape, ape)]
    for read, tags in reversed(readers) if layout == "ape" else readers:
        for tag in tags:
            values.fill(read(tag, pictures))
    old = mutagen.id3.ParseID3v1(data[-128:]) if data[-128:-125] == b"TAG" and data[-133:-125] != b"APETAGEX" else None
    if old:
        tag = mutagen.id3.ID3Tags()
        for frame in old.values():
            if charset and hasattr(frame, "text") and frame.FrameID != "TDRC":
                frame.text = [t.encode("latin1").decode(charset, "replace") for t in frame.text]
            tag.add(frame)
        values.fill(read_id3(tag, pictures))
    return values, at


def chunk_id3(kind, data, pictures):
    """The ID3 tag a WAV or AIFF file has in a chunk."""
    loader = mutagen.wave._WaveID3 if kind == "wav" else mutagen.aiff._IFFID3
    try:
        return read_id3(loader(io.BytesIO(data), translate=False, load_v1=False), pictures)
    except (mutagen.id3.ID3NoHeaderError, InvalidChunk, KeyError):
        return Values()


def read(path, layout):
    data = open(path, "rb").read()
    pictures = Pictures()
    if layout in ("id3", "ape"):
        values, _ = read_surroundings(data, layout, pictures, CHARSETS.get(os.path.basename(path)))
    elif layout == "flac":
        others = Pictures()
        values, at = read_surroundings(data, layout, others)
        flac = mutagen.flac.FLAC(io.BytesIO(data[at:]))
        for picture in flac.pictures:
            pictures.offer(picture.data, picture.type)
        own = read_vorbis(flac.tags or [], pictures)
        if flac.cuesheet and not own["cueSheet"]:
            own.add("cueSheet", cue_text(flac.cuesheet, flac.info.sample_rate))
        own.fill(values)
        values = own
        if not pictures.best:
            pictures = others
    elif layout == "ogg":
        for kind in (OggVorbis, OggOpus, OggSpeex, OggFLAC):
            try:
                values = read_vorbis(kind(io.BytesIO(data)).tags or [], pictures)
                break
            except mutagen.MutagenError:
                values = None
        if values is None:
            raise mutagen.MutagenError("no stream")
    elif layout == "mp4":
        values = read_mp4(mutagen.mp4.MP4(io.BytesIO(data)).tags, pictures)
    elif layout == "asf":
        values = read_asf(mutagen.asf.ASF(io.BytesIO(data)).tags, pictures)
    else:
        mutagen.wave.WAVE(io.BytesIO(data)) if layout == "wav" else mutagen.aiff.AIFF(io.BytesIO(data))
        values = chunk_id3(layout, data, pictures)
    return report(values, pictures)


def number(text):
    found = re.match("[0-9]{1,9}", text)
    return int(found.group()) if found else 0


def total(own, pair):
    return number(own) or (number(pair.split("/", 1)[1].strip()) if "/" in pair else 0)


def date_text(text):
    found = re.match(r"([0-9]{4})(?:[-/.]([0-9]{2}))?(?:[-/.]([0-9]{2}))?(?=$|[ T-])", text)
    if not found:
        return text
    parts = [found.group(1)]
    for part, bound in ((found.group(2), 12), (found.group(3), 31)):
        if part is None or not 1 <= int(part) <= bound:
            break
        parts.append(part)
    return "-".join(parts)


def decimal(text):
    found = re.match("[-+]?[0-9]*[.]?[0-9]+|[-+]?[0-9]+[.]", text)
    return float(found.group()) if found else None


def opus_gain(text):
    return int(text) / 256 + 5 if re.fullmatch("[-+]?[0-9]{1,5}", text) else None


def identifiers(texts):
    words = [w for t in texts for w in re.split("[/;, ]", t.lower())]
    return [w for w in words if re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", w)]


def are_timed(text):
    for line in text.split("\n"):
        line = line.strip(" ")
        if not line or re.match(r"\[[^0-9]", line):
            continue
        return bool(re.match(r"\[[0-9]+:[0-9][0-9]", line))
    return False


def report(values, pictures):
    def first(field):
        return (values[field] or [""])[0]

    def some(text):
        return [text] if text else []

    def count(n):
        return [str(n)] if n else []

    def real(x):
        return [] if x is None else ["%.4f" % x]

    out = {f: some(first(f)) for f in ("title", "album", "comment", "isrc", "discTitle", "titleSort", "albumSort", "cueSheet")}
    tempo = decimal(first("tempo")) or 0
    out["tempo"], out["moods"] = count(int(tempo + 0.5) if 0.5 <= tempo <= 1000 else 0), values["moods"]
    out["artists"] = values["artists"] or values["artist"]
    out["albumArtists"] = values["albumArtists"] or values["albumArtist"]
    out["composers"] = values["composer"]
    out["artist"] = some(clean(", ".join(values["artist"] or out["artists"])))
    out["albumArtist"] = some(clean(", ".join(values["albumArtist"] or out["albumArtists"])))
    for field in ("artistSort", "albumArtistSort"):
        out[field] = some(clean(", ".join(values[field])))
    out["track"], out["disc"] = count(number(first("track"))), count(number(first("disc")))
    out["trackTotal"] = count(total(first("trackTotal"), first("track")))
    out["discTotal"] = count(total(first("discTotal"), first("disc")))
    date = date_text(first("date"))
    out["date"] = some(date)
    year = re.search("(?<![0-9])([0-9]{4})([0-9]{4})?(?![0-9])", date)
    out["year"] = count(int(year.group(1)) if year else 0)
    compilation = first("compilation")
    out["isCompilation"] = count(1 if compilation.lower() in ("true", "yes") or number(compilation) else 0)
    out["genres"] = []
    for genre in (g.strip() for v in values["genre"] for g in v.split(";")):
        if genre and genre not in out["genres"]:
            out["genres"].append(genre)
    for field in ("mbRecording", "mbTrack", "mbRelease", "mbReleaseGroup"):
        out[field] = identifiers(values[field])[:1]
    for field in ("mbArtists", "mbAlbumArtists"):
        out[field] = identifiers(values[field])
    for side in ("track", "album"):
        gain = decimal(first(side + "Gain"))
        out[side + "Gain"] = real(opus_gain(first("opus%sGain" % side.title())) if gain is None else gain)
        out[side + "Peak"] = real(decimal(first(side + "Peak")))
    lyrics = first("timedLyrics") or first("lyrics")
    out["lyrics"] = some(lyrics)
    out["lyricsSynchronised"] = some("1" if are_timed(lyrics) else "")
    out["art"] = some(pictures.best)
    return out


for path, layout in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        answer = {"path": path, "fields": read(path, layout)}
    except Exception as problem:
        answer = {"path": path, "problem": "%s: %s" % (type(problem).__name__, problem)}
    print(json.dumps(answer))
