"""Made-up music: the same on every machine, and free of rights."""
from .commands import run


def make_music(folder, seconds=160, name="signal.flac"):
    """A made-up track: tones, noise and beats, as FLAC."""
    path = folder / name
    sound = ("0.3*sin(2*PI*(220+110*floor(mod(t\\,8)))*t)*exp(-3*mod(t\\,0.5))"
             "+0.2*sin(2*PI*(55+5*floor(mod(t\\,4)))*t)+0.05*(random(0)-0.5)")
    other = "0.25*sin(2*PI*(330+55*floor(mod(t\\,6)))*t)*exp(-2*mod(t\\,0.25))+0.1*(random(1)-0.5)*exp(-8*mod(t\\,0.5))"
    run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"aevalsrc={sound}|{other}:s=44100:d={seconds}", "-c:a", "flac", path)
    return path


def make_sources(folder, seconds=160):
    """The same music as FLAC, and as lossy files of a bitrate that every rung of `loop.ROWS` is offered for."""
    flac = make_music(folder, seconds)
    sources = {"flac": flac}
    for name, file, *options in [("mp3", "a.mp3", "-c:a", "libmp3lame", "-b:a", "192k"), ("aac", "a.m4a", "-c:a", "aac", "-b:a", "192k"),
                                 ("vorbis", "a.ogg", "-c:a", "libvorbis", "-q:a", "6")]:
        sources[name] = folder / file
        run("ffmpeg", "-v", "error", "-i", flac, *options, sources[name])
    return sources


def make_album(folder, tracks, seconds):
    """An album of as many tracks, each from another place of the made-up music."""
    step = 7
    whole = make_music(folder, seconds + step * tracks, "whole.flac")
    music = folder / "music"
    music.mkdir()
    for number in range(1, tracks + 1):
        run("ffmpeg", "-v", "error", "-ss", step * number, "-t", seconds, "-i", whole, "-metadata", f"title=Track {number}", "-metadata", "artist=Made up",
            "-metadata", "album_artist=Made up", "-metadata", "album=Made up", "-metadata", f"track={number}", "-c:a", "flac", music / f"{number:02}.flac")
    whole.unlink()
    return music
