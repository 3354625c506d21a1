"""Music for `/rest`: a few files of several formats that ffmpeg makes and mutagen tags, with every tag that the protocol has a field for,
no tags at all, and titles that break what they are put into."""
import base64
import json
import os
import struct
import subprocess
import urllib.parse
import zlib

import mutagen
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, COMM, ID3, TXXX, UFID, USLT, Frames
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm

ODD = ['"Quoted" & <b>bold</b> ]]>', "''", "\u05e9\u05dc\u05d5\u05dd \u03a9\u2248\u00e7 \U0001f3b5 \u00e9", "% + # ? / \\ ; = %22%22 &amp;", "null",
       "x" * 900]
MBID = {name: f"{number:08x}-1111-4222-8333-444444444444" for number, name in enumerate(
    ["recording", "release", "artist", "second", "albumartist", "group", "track"], 1)}


def picture(size=300):
    """A PNG of `size` pixels, and of many colours."""
    rows = b"".join(b"\0" + bytes(c for x in range(size) for c in (x * 255 // size, y * 255 // size, (x ^ y) & 255)) for y in range(size))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


# A tone that rises: no two moments of it are alike.
def tone(path, seconds, pitch, options=(), rate=44100, channels=2):
    wave = f"0.3*sin(2*PI*({pitch}*t+7*t*t))"
    other = f"0.2*sin(2*PI*({pitch}*t+9*t*t))"
    source = f"aevalsrc='{wave}{'|' + other if channels == 2 else ''}:s={rate}:d={seconds}'"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *options, path], check=True)


ID3_TEXT = {
    "title": "TIT2", "artist": "TPE1", "albumartist": "TPE2", "album": "TALB", "genre": "TCON", "date": "TDRC", "originaldate": "TDOR",
    "composer": "TCOM", "isrc": "TSRC", "bpm": "TBPM", "label": "TPUB", "mood": "TMOO", "grouping": "GRP1", "titlesort": "TSOT",
    "artistsort": "TSOP", "albumsort": "TSOA", "albumartistsort": "TSO2", "discsubtitle": "TSST", "compilation": "TCMP",
    "conductor": "TPE3", "lyricist": "TEXT", "movementname": "MVNM", "movement": "MVIN"}
MP4_TEXT = {"title": "\xa9nam", "artist": "\xa9ART", "albumartist": "aART", "album": "\xa9alb", "genre": "\xa9gen", "date": "\xa9day",
            "composer": "\xa9wrt", "titlesort": "sonm", "artistsort": "soar", "albumsort": "soal", "albumartistsort": "soaa"}


def tag_id3(path, tags, cover):
    frames = ID3()
    for name, value in tags.items():
        values = value if isinstance(value, list) else [value]
        if name in ("tracknumber", "discnumber"):
            total = tags.get("tracktotal" if name == "tracknumber" else "disctotal")
            frames.add(Frames["TRCK" if name == "tracknumber" else "TPOS"](encoding=3, text=[value + (f"/{total}" if total else "")]))
        elif name in ID3_TEXT:
            frames.add(Frames[ID3_TEXT[name]](encoding=3, text=values))
        elif name == "comment":
            frames.add(COMM(encoding=3, lang="eng", desc="", text=values))
        elif name == "lyrics":
            frames.add(USLT(encoding=3, lang="eng", desc="", text=value))
        elif name == "musicbrainz_trackid":
            frames.add(UFID(owner="http://musicbrainz.org", data=value.encode()))
        elif name not in ("tracktotal", "disctotal"):
            title = {"musicbrainz_albumid": "MusicBrainz Album Id", "musicbrainz_artistid": "MusicBrainz Artist Id",
                     "musicbrainz_albumartistid": "MusicBrainz Album Artist Id", "musicbrainz_releasegroupid": "MusicBrainz Release Group Id",
                     "releasetype": "MusicBrainz Album Type"}.get(name, name.upper())
            frames.add(TXXX(encoding=3, desc=title, text=values))
    if cover:
        frames.add(APIC(encoding=3, mime="image/png", type=3, desc="", data=cover))
    frames.save(path)


def tag_vorbis(path, tags, cover):
    file = mutagen.File(path)
    for name, value in tags.items():
        file[name] = value
    if cover:
        image = Picture()
        image.type, image.mime, image.data, image.width, image.height, image.depth = 3, "image/png", cover, 300, 300, 24
        if isinstance(file, FLAC):
            file.add_picture(image)
        else:
            file["metadata_block_picture"] = [base64.b64encode(image.write()).decode()]
    file.save()


def tag_mp4(path, tags, cover):
    file = MP4(path)
    for name, value in tags.items():
        values = value if isinstance(value, list) else [value]
        if name in MP4_TEXT:
            file[MP4_TEXT[name]] = values
        elif name == "tracknumber":
            file["trkn"] = [(int(value), int(tags.get("tracktotal", 0)))]
        elif name == "discnumber":
            file["disk"] = [(int(value), int(tags.get("disctotal", 0)))]
        elif name == "lyrics":
            file["\xa9lyr"] = values
        elif name not in ("tracktotal", "disctotal"):
            file[f"----:com.apple.iTunes:{name.upper()}"] = [MP4FreeForm(text.encode()) for text in values]
    if cover:
        file["covr"] = [MP4Cover(cover, MP4Cover.FORMAT_PNG)]
    file.save()


FULL = {
    "artist": ["Ada Lovelace", "Grace Hopper"], "albumartist": ["Ada Lovelace"], "album": "Numbers & <Signs>", "genre": ["Classical", "Noise & Co"],
    "date": "2001-02-03", "originaldate": "1999-12-31", "composer": ["Clara Schumann"], "conductor": ["Nadia Boulanger"], "lyricist": ["L. Yricist"],
    "isrc": ["GBAYE0601498"], "bpm": "121", "label": "A Label", "mood": ["Happy", "Calm"], "grouping": ["Group One"], "releasetype": ["album", "live"],
    "titlesort": "Etude 01", "artistsort": "Lovelace, Ada", "albumsort": "Numbers and Signs", "albumartistsort": "Lovelace, Ada",
    "comment": "A comment with \"quotes\" & <tags>", "work": ["A Work"], "movementname": ["Allegro"], "movement": "1",
    "replaygain_track_gain": "-6.50 dB", "replaygain_track_peak": "0.987654", "replaygain_album_gain": "-7.25 dB",
    "replaygain_album_peak": "0.999000", "itunesadvisory": "1", "musicbrainz_trackid": MBID["recording"], "musicbrainz_albumid": MBID["release"],
    "musicbrainz_artistid": [MBID["artist"], MBID["second"]], "musicbrainz_albumartistid": [MBID["artist"]],
    "musicbrainz_releasegroupid": MBID["group"], "disctotal": "2"}
# Of the song that is streamed. Clients ask for it from 90 s on; a stream is paced from 60 s on, so that a longer one only takes longer.
SECONDS = 92
SUNG = "[00:01.00]First line\n[00:02.50]Second & <line>\n[00:04.00]\n[00:05.00]Last"


def tracks():
    """(file name, seconds, options of ffmpeg, rate, channels, tags, has a cover), in an order that is one of adding."""
    flac, mp3, vorbis, opus = ["-c:a", "flac", "-sample_fmt", "s16"], ["-c:a", "libmp3lame", "-b:a", "128k"], ["-c:a", "libvorbis"], ["-c:a", "libopus", "-b:a", "64k"]
    aac, wave = ["-c:a", "aac", "-b:a", "128k"], ["-c:a", "pcm_s16le"]
    made = [
        ("01 etude.flac", SECONDS, flac, 44100, 2, {**FULL, "title": "\u00c9tude \u2116 1", "tracknumber": "1", "tracktotal": "2", "discnumber": "1",
                                                "discsubtitle": "Disc the First", "lyrics": SUNG}, True),
        ("02 deep.flac", 4, ["-c:a", "flac", "-sample_fmt", "s32"], 96000, 2, {**FULL, "title": "Deep", "tracknumber": "2", "tracktotal": "2", "discnumber": "1",
                                                                      "discsubtitle": "Disc the First"}, True),
        ("03 second disc.mp3", 60, mp3, 44100, 2, {**FULL, "title": "Third", "tracknumber": "1", "tracktotal": "1", "discnumber": "2",
                                                   "discsubtitle": "Zweite", "lyrics": "plain\nlines"}, True),
        ("chanson.m4a", 8, aac, 44100, 2, {"title": "La Vie", "artist": "The \u00c9dith Trio", "album": "Single", "genre": "Chanson", "date": "1946",
                                           "tracknumber": "1", "composer": "Louiguy", "lyrics": "la\nla"}, True),
        ("mixed 1.ogg", 3, vorbis, 44100, 2, {"title": "One", "artist": "2Pac feat. Bj\u00f6rk", "album": "Mixed", "albumartist": "Various Artists",
                                              "compilation": "1", "tracknumber": "1", "date": "2010", "genre": "Hip-Hop"}, False),
        ("mixed 2.opus", 3, opus, 48000, 2, {"title": "Two", "artist": "Bj\u00f6rk", "album": "Mixed", "albumartist": "Various Artists", "compilation": "1",
                                             "tracknumber": "2", "date": "2010", "genre": "Electronic"}, False),
        ("mixed 3.mp3", 3, mp3, 44100, 2, {"title": "\u4e09", "artist": "\u5742\u672c\u9f8d\u4e00", "album": "Mixed", "albumartist": "Various Artists",
                                           "compilation": "1", "tracknumber": "3", "date": "2010", "genre": "Electronic"}, False),
        ("untitled noise.wav", 2, wave, 44100, 2, {}, False),
        ("mono.mp3", 2, ["-c:a", "libmp3lame", "-q:a", "6"], 22050, 1, {"title": "Mono", "artist": "!!!", "album": "Greatest Hits", "date": "20010101000",
                                                                       "genre": "Punk"}, False),
        ("huge.flac", 2, flac, 44100, 2, {"title": "Huge numbers", "artist": "AC/DC", "album": "Greatest Hits", "tracknumber": "4294967297",
                                          "discnumber": "99999999999", "date": "99999", "bpm": "99999999999"}, False),
        ("the.flac", 2, flac, 44100, 1, {"title": "The The", "artist": "The The", "album": "The Album", "albumartist": "The The", "genre": "Pop",
                                         "date": "1985-01"}, False)]
    for number, title in enumerate(ODD):
        made.append((f"odd {number}.flac", 2, flac, 44100, 2, {"title": title, "artist": f"Odd & <{number}>", "album": title[:60], "genre": "\"Odd\" & <genre>"},
                     number == 1))
    return made


def make(folder, some=None):
    """Makes the files; their paths, in order."""
    paths, cover = [], picture()
    for number, (name, seconds, options, rate, channels, tags, has_cover) in enumerate(tracks()):
        if some is not None and name not in some:
            continue
        path = os.path.join(folder, name)
        tone(path, seconds, 200 + 17 * number, options, rate, channels)
        if name.endswith(".mp3"):
            tag_id3(path, tags, cover if has_cover else None)
        elif name.endswith(".m4a"):
            tag_mp4(path, tags, cover if has_cover else None)
        elif tags:
            tag_vorbis(path, tags, cover if has_cover else None)
        paths.append(path)
    return paths


def upload(server, key, paths):
    """Puts the files into the locker of the key; their documents, by file name."""
    documents = {}
    for path in paths:
        with open(path, "rb") as file:
            body = file.read()
        name = urllib.parse.quote(os.path.basename(path))
        status, _, content = server.request("POST", f"/api/v1/tracks?name={name}", {
            "Authorization": f"Bearer {key}", "Content-Length": str(len(body))}, body)
        if status not in (200, 201):
            raise SystemExit(f"upload of {path}: {status} {content[:500]}")
        documents[os.path.basename(path)] = json.loads(content)
    return documents
