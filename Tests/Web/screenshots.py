"""Pictures of every view of the player, light and dark, on a desk and on a phone, with a library that is made up.

Usage: screenshots.py FOLDER [WORD...]    (only views whose names have one of the words; --publish also makes the pictures of the documentation)
"""
import os
import random
import shutil
import subprocess
import sys
import time

import numpy as np
from PIL import Image

import covers
from stage import DESK, PASSWORD, PHONE, ROOT, Server, account, check, chromium, figures, main, until

PUBLISH = "--publish" in sys.argv
given = [one for one in sys.argv[1:] if not one.startswith("--")]
FOLDER, WORDS = os.path.abspath(given[0] if given else os.path.join(ROOT, ".build", "screenshots")), given[1:]
GUIDE = os.path.join(ROOT, "Sources", "sweetspot", "sweetspot.docc")

# Artist, album, year, genre, cover, titles. No such music exists.
ALBUMS = [
    ("The Quiet Coast", "Tides", 2024, "Indie Folk", (covers.hills, 3, ["1f3b57", "d9826b", "f3c99f", "6d5a72", "4a4463", "2c2f4d", "161c33"], "fbe3b5"),
     ["Harbour", "Low Water", "Lights Out", "Breakwater", "Salt on the Windows", "Driftwood", "The Long Way Home", "Marram"]),
    ("Aya Morin", "Moonless", 2025, "Ambient", (covers.sea, 1, ["0b1626", "16324d", "3d6480", "0e2136"], "f1e2bd"),
     ["First Light", "Undertow", "A Room by the Sea", "Slow Lanterns", "Perigee", "Stillwater"]),
    ("Saffron Radio", "Heatwave", 2023, "Funk", (covers.rings, 5, ["e4572e", "f3a712", "f0e4cf", "29335c", "669bbc"], "f0e4cf"),
     ["Turn It Sideways", "Corner Store", "Sunday Shoes", "Rooftop", "Heatwave", "Two More Songs"]),
    ("Tomas Brandt Trio", "Late Set", 2019, "Jazz", (covers.arches, 8, ["264653", "2a9d8f", "e9c46a", "f4a261", "e76f51"], "f5ead7"),
     ["Blue Doors", "Walking Out", "Karla", "Nine Steps Down", "After the Last Tram"]),
    ("Kestrel Hollow", "Northern Rooms", 2022, "Post-Rock", (covers.lines, 4, ["9cc5a1", "dce1de", "49a078"], "1f2421"),
     ["Contour", "Snowline", "All the Small Stations", "Cairn", "Northern Rooms"]),
    ("Juniper & Sons", "Orchard Songs", 2021, "Folk", (covers.leaves, 6, ["31572c", "4f772d", "90a955", "ecf39e", "c9cba3"], "132a13"),
     ["Windfall", "Rows of Pear", "Ladders", "Cider Year", "Frost in May", "Hollow Tree"]),
    ("Velvet Signal", "Afterglow", 2025, "Synthpop", (covers.glow, 2, ["ff4d6d", "ffb703", "8338ec", "3a86ff"], "120a1f"),
     ["City Lights, Out of Focus", "Afterglow", "Half-Remembered", "Neon Rain", "Call Me From the Train", "Static Bloom"]),
    ("Mara Finch", "Lowlands", 2020, "Singer-Songwriter", (covers.hills, 11, ["f7ede2", "f5cac3", "f28482", "84a59d", "5b8a7f", "3c6b63", "24474a"], "fff8e7"),
     ["Reeds", "Slow River", "My Mother's Map", "Lowlands", "Heron"]),
    ("Halcyon Drive", "Night Bus to Lumen", 2018, "Electronic", (covers.rings, 21, ["14213d", "fca311", "e5e5e5", "1d3557"], "14213d"),
     ["Depot", "Window Seat", "Request Stop", "Lumen", "Last Service"]),
    ("Lumen Ensemble", "Etudes in Grey", 2017, "Classical", (covers.lines, 9, ["f2e9e4", "c9ada7", "9a8c98"], "4a2c40"),
     ["Etude No. 1", "Etude No. 2", "Etude No. 3", "Etude No. 4", "Coda"]),
    ("The Paper Kites Club", "Blueprints", 2016, "Indie Rock", (covers.arches, 15, ["0d1b2a", "1b263b", "415a77", "778da9", "e0e1dd"], "d8572a"),
     ["Draft", "Second Storey", "Load-Bearing", "Blueprints", "Measure Twice"]),
    ("Oren Vale", "Paper Lanterns", 2024, "Ambient", (covers.sea, 7, ["2b1630", "7a2e4d", "e2725b", "3b1c3c"], "ffdca8"),
     ["Paper Lanterns", "Evening Market", "Canal", "Fireflies", "The Walk Back"]),
]
LYRICS = """[00:03.00]Rope on the railing, gulls on the mast
[00:09.50]Boats going nowhere, and nowhere too fast
[00:16.00]You said the water would bring us around
[00:22.50]We waited all evening and listened for sound

[00:30.00]Leave a light on in the harbour
[00:36.00]Leave a light on for me
[00:42.50]I am one more tide away now
[00:48.50]One more tide from the sea

[00:57.00]Salt in the letters and sand in the seams
[01:03.50]The lighthouse is blinking the ends of our dreams
[01:10.00]You said the morning would carry us in
[01:16.50]The harbour was sleeping, the fog coming thin

[01:24.00]Leave a light on in the harbour
[01:30.00]Leave a light on for me
"""
CONFIG = """
offers:
  feed: {folder}/offers.yaml
upgrade:
  url: https://shop.example/?plan={{plan}}
  plans: [free, plus, studio]
plans:
  free:
    quota: 2GB
    streams: 100
    playlists: 50
    title: Free
  plus:
    quota: 50GB
    streams: 100
    playlists: 500
    title: Plus
    price: 4 EUR a month
  studio:
    streams: 200
    title: Studio
    price: 9 EUR a month
scrobbling:
  lastfmKey: key
  lastfmSecret: secret
"""
FEED = """
offers:
  - id: evening
    kind: concert
    title: The Quiet Coast, an evening at the harbour
    by: The Quiet Coast
    text: Two sets by the water, with the tide coming in. Doors at seven.
    price: 18 EUR
    date: 2026-12-24
    url: https://tickets.example/evening
    picture: evening.jpg
    artists: [The Quiet Coast]
"""
# Pictures out of sight come later.
SEEN = """[...document.images].every(one => {
  const { top, bottom, left, right, width } = one.getBoundingClientRect()
  return one.complete || !width || !one.currentSrc || top > innerHeight || bottom < 0 || left > innerWidth || right < 0
})"""
BOTH = (("desk", DESK, False), ("phone", PHONE, True))


def sound(chance, seconds, rate):
    """A made-up song: verses and choruses that differ in level, as the waveform shows."""
    at = np.arange(int(seconds * rate)) / rate
    level, place = np.full(at.size, 0.3), 3.0
    while place < seconds:
        part = chance.uniform(12, 26)
        level[int(place * rate):int((place + part) * rate)] = chance.choice([0.35, 0.5, 0.62, 0.85, 0.95])
        place += part
    beat = chance.uniform(1.6, 2.3)
    level *= 0.62 + 0.38 * np.exp(-4 * ((at * beat) % 1)) * (0.7 + 0.3 * np.sin(at * 0.21 + chance.random()))
    level *= np.minimum(1, np.minimum(at / 1.5, (seconds - at) / 5))
    root = 110 * 2 ** (chance.randrange(12) / 12)
    tone = sum(np.sin(6.2832 * root * step * at + chance.random()) / (1 + place) for place, step in enumerate((1, 1.5, 2, 2.52)))
    return (np.clip(level * tone / 2.2, -1, 1) * 26000).astype("<i2")


def make(folder):
    """Files of all albums; those of the first are as long and wide as music is."""
    paths = []
    for number, (artist, name, year, genre, (make_cover, seed, *colours), titles) in enumerate(ALBUMS):
        own = os.path.join(folder, str(number))
        os.makedirs(own)
        covers.cover(own + "/cover.jpg", make_cover, seed, *colours)
        chance = random.Random(number)
        for place, title in enumerate(titles, 1):
            rate = 44100 if number == 0 and place == 1 else 8000
            path = f"{own}/{place:02} {title.replace('/', '-')}.flac"
            words = {"title": title, "artist": artist, "album_artist": artist, "album": name, "track": place, "date": year, "genre": genre}
            if number == 0 and place == 1:
                words["LYRICS"] = LYRICS
            tags = [part for key, value in words.items() for part in ("-metadata", f"{key}={value}")]
            subprocess.run(["ffmpeg", "-v", "error", "-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "-", "-i", own + "/cover.jpg", "-map", "0", "-map", "1",
                            "-c:v", "copy", "-disposition:v", "attached_pic", *tags, path],
                           input=sound(chance, chance.uniform(130, 290), rate).tobytes(), check=True, timeout=120)
            paths.append(path)
    return paths


def fill(server, headers, paths):
    for path in paths:
        server.upload(path, headers)
    tracks, after = [], ""
    while after is not None:
        page = server.send("GET", f"/api/v1/tracks?sort=album&limit=100{'&after=' + after if after else ''}", headers=headers)[2]
        tracks, after = tracks + page["items"], page["next"]
    chance = random.Random(4)
    by_title = {one["title"]: one for one in tracks}
    now = time.time()
    for place in range(90):
        one = chance.choice(tracks)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 1800 - place * chance.uniform(400, 9000)))
        server.send("POST", "/api/v1/history", {"track": one["id"], "at": at, "stopped": None}, headers)
    for one in chance.sample(tracks, 14) + [by_title["Harbour"]]:
        server.send("PUT", f"/api/v1/tracks/{one['id']}/favourite", None, headers)
        server.send("PUT", f"/api/v1/tracks/{one['id']}/rating", {"rating": chance.choice([4, 5])}, headers)
    for one in server.items("/api/v1/albums", headers)[::4]:
        server.send("PUT", f"/api/v1/albums/{one['id']}/favourite", None, headers)
    for name, count in (("Sunday, slowly", 14), ("Night drive", 22), ("Kitchen", 18), ("For the train", 31)):
        server.send("POST", "/api/v1/playlists", {"name": name, "tracks": [one["id"] for one in chance.sample(tracks, count)]}, headers)
    rules = {"all": [{"any": [{"is": {"genre": "Ambient"}}, {"is": {"genre": "Electronic"}}]}, {"gt": {"rating": 3}}, {"notInTheLast": {"lastplayed": 14}}], "sort": "random", "limit": 50}
    status, _, answer = server.send("POST", "/api/v1/playlists", {"name": "Quiet evenings", "rules": {**rules, "all": rules["all"][:1]}}, headers)
    check(status == 201, f"a smart playlist: {status} {answer}")
    server.send("POST", "/api/v1/playlists", {"name": "Not heard for a while", "rules": rules}, headers)
    return by_title


class Camera:
    def __init__(self, browser, server, by_title, headers):
        self.browser, self.server, self.tracks = browser, server, by_title
        self.headers, self.taken = headers, []

    def shoot(self, name):
        if WORDS and not any(word in name for word in WORDS):
            return
        for scheme in ("light", "dark"):
            self.browser.media(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
            time.sleep(0.25)
            path = os.path.join(FOLDER, f"{name}-{self.size}-{scheme}.png")
            self.browser.picture(path)
            figures["pictures"] = figures.get("pictures", 0) + 1
        wide = self.browser.get("return document.documentElement.scrollWidth - innerWidth")
        check(wide <= 0, f"{name} on the {self.size} is {wide} pixels too wide")

    def open(self, path):
        self.browser.go(self.server.base + path)
        self.browser.wait("document.querySelector('main h1') && !document.querySelector('main .waiting')", 20, path)
        # Covers come after the words.
        self.browser.wait(SEEN, 20, f"{path}: covers")
        time.sleep(0.5)

    def view(self, name, path, *clicks, shown=None):
        if WORDS and not any(word in name for word in WORDS):
            return
        try:
            self.open(path)
            for selector in clicks:
                selector() if callable(selector) else self.browser.click(selector)
                time.sleep(0.4)
            if shown:
                self.browser.wait("document.querySelector(arguments[0])?.checkVisibility()", 10, f"{name}: {shown}", shown)
                time.sleep(0.4)
        except AssertionError as error:
            check(False, f"{name} on the {self.size}: {error}")
        self.shoot(name)

    def play(self, title, at):
        """The album from a track on, at a place, paused: pictures of one moment."""
        track = self.tracks[title]
        self.open(f"/album/{track['albumId']}")
        self.browser.click("main .view-head .button.main")
        self.browser.wait("sounds.some(one => !one.paused && one.currentTime > 0.4)", 30, "it plays")
        # On a phone the bar has no slider.
        self.browser.click(".player .to-playing")
        self.browser.wait("document.querySelector('.playing .seek-slider input')", 10, "now playing")
        slider = "document.querySelector('.playing .seek-slider input')"
        self.browser.get(f"{slider}.value = {at}; {slider}.dispatchEvent(new Event('change'))")
        time.sleep(2.5)
        self.browser.click(".playing .play-button")
        time.sleep(0.5)


def item(browser, text):
    def press():
        browser.wait("(one => one && (one.id = 'wanted-item'))([...document.querySelectorAll('.menu .menu-item')].find(one => one.textContent.trim().startsWith(arguments[0])))", 5, text, text)
        browser.click("#wanted-item")
    return press


def tour(camera, folder):
    browser, tracks = camera.browser, camera.tracks
    harbour = tracks["Harbour"]
    album, artist = f"/album/{harbour['albumId']}", f"/artist/{harbour['artists'][0]['id']}"
    lists = {one["name"]: one["id"] for one in camera.server.items("/api/v1/playlists", camera.headers)}
    evening = f"/playlist/{lists['Night drive']}"
    row = "main .tracks .row:not(.head)"
    for camera.size, size, is_phone in BOTH:
        browser.size(*size, phone=is_phone, scale=2 if is_phone else 1)
        browser.media(prefers_color_scheme="light", prefers_reduced_motion="reduce")
        camera.play("Harbour", 38)
        for name, path in (("home", "/"), ("albums", "/albums"), ("album", album), ("artists", "/artists"), ("artist", artist), ("tracks", "/tracks"),
                           ("track", f"/track/{harbour['id']}"), ("genres", "/genres"), ("genre", "/genre?name=Ambient"), ("playlists", "/playlists"),
                           ("playlist", evening), ("search", "/search?q=la"), ("queue", "/queue"), ("playing", "/playing"), ("history", "/history"),
                           ("account", "/account"), ("settings", "/settings"), ("library", "/library"), ("nowhere", "/nothing-here")):
            if name != "nowhere":
                camera.view(name, path)
        smart = {name: f"/playlist/{one}" for name, one in lists.items()}
        camera.view("smart", smart["Quiet evenings"], "main .rules-words summary", shown="main .rule-words")
        camera.view("rules", smart["Not heard for a while"].replace("/playlist/", "/smart/"))
        camera.view("rules-new", "/smart")
        camera.view("scrobbling", "/scrobbling")
        camera.view("plans", "/account", lambda: browser.get("document.querySelector('#plan').scrollIntoView()"))
        camera.view("taste", "/taste")
        if not WORDS or any(word in "offer" for word in WORDS):
            # The server offers nothing for a while after it has streamed, and a page asks once.
            until(lambda: camera.server.send("GET", "/api/v1/offers", headers=camera.headers)[2]["offer"], 120, "there is an offer")
        camera.view("offer", "/", lambda: browser.wait("document.querySelector('.offer')", 20, "the offer"), lambda: browser.get("document.querySelector('.offer').scrollIntoView({ block: 'center' })"))
        if is_phone:
            camera.view("lyrics", "/playing", ".lyrics-button")
        else:
            camera.view("queue-beside", album, ".player .queue-button", shown=".queue-side .rows .row")
            camera.open("/")
            browser.click(".player .queue-button")
            camera.view("search-start", "/search")
            camera.view("keys", "/", lambda: browser.key("?", shift=True), shown="dialog[open]")
        camera.view("selected", "/albums", lambda: browser.get("for (const one of [...document.querySelectorAll('.card-check:not([hidden])')]"
                    ".filter(one => one.closest('.card').checkVisibility()).slice(0, 3)) one.click()"), shown=".selection-bar")
        camera.view("menu", album, f"{row} [data-act=menu]", shown=".menu")
        camera.view("tags", album, f"{row} [data-act=menu]", item(browser, "Edit tags"), shown="dialog[open]")
        camera.view("quality", "/playing", ".playing-tools [aria-label='Quality and loudness']", shown=".menu")
        # The one of the desk is kept by then.
        other = f"/album/{tracks['First Light']['albumId']}"
        camera.view("pin", other if is_phone else album, "main .view-head .pin", lambda: browser.wait("document.querySelector('dialog[open]')?.innerText.includes('Exactly')", 30, "the size"))
        if not WORDS or any("device" in word for word in WORDS):
            camera.open(album)
            if not browser.get("return Boolean(document.querySelector('main .pin.on'))"):
                browser.click("main .view-head .pin")
                browser.wait("document.querySelector('dialog[open]')?.innerText.includes('Exactly')", 30, "the size")
                browser.click("dialog .button.main")
                browser.wait("document.querySelector('main .pin.on')", 120, "it is on the device")
        camera.view("device", "/device")
        camera.view("uploads", "/uploads", lambda: browser.drop(".drop-zone", [folder + "/more"]),
                    lambda: browser.wait("[...document.querySelectorAll('.upload')].filter(one => ['stored', 'known'].includes(one.dataset.stage)).length >= 3", 60, "some are stored"))


def gates(browser, server, camera):
    for camera.size, size, is_phone in BOTH:
        browser.size(*size, phone=is_phone, scale=2 if is_phone else 1)
        camera.view("login", "/login")
        camera.view("setup", "/setup?code=made-up")


def publish():
    """Those of the documentation: few colours, each below 250 kB."""
    for name, source in (("player", "playing-desk-dark"), ("player-phone", "home-phone-light"), ("player-album", "album-desk-light"), ("player-lyrics", "lyrics-phone-dark")):
        image = Image.open(os.path.join(FOLDER, source + ".png")).convert("RGB")
        if image.width < 1000:
            image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.LANCZOS)
        path = os.path.join(GUIDE, name + ".png")
        for colours in (256, 192, 128, 96, 64, 48):
            # Only colours that are given are mixed by dots, which a sky needs.
            palette = image.quantize(colours, Image.Quantize.MEDIANCUT)
            image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
            if os.path.getsize(path) < 250_000:
                break
        figures[name + ".png kB"] = os.path.getsize(path) // 1000


def run(folder):
    os.makedirs(FOLDER, exist_ok=True)
    print("makes the music", flush=True)
    # It is made once.
    music = os.path.join(FOLDER, "music")
    paths = sorted(os.path.join(place, name) for place, _, names in os.walk(music) for name in names if name.endswith(".flac"))
    if len(paths) != sum(len(album[-1]) for album in ALBUMS):
        shutil.rmtree(music, ignore_errors=True)
        paths = make(music)
    os.makedirs(folder + "/more")
    for place, name in enumerate(["Field recording, the pier at dawn", "Demo, take 3", "Rehearsal"]):
        subprocess.run(["ffmpeg", "-v", "error", "-i", paths[place], "-t", str(20 + place * 9), "-map", "0:a", "-map_metadata", "-1", "-metadata", f"title={name}", "-metadata", "artist=The Quiet Coast", f"{folder}/more/{name}.flac"], check=True, timeout=60)
    with open(folder + "/more/Notes from the session.mp3", "wb") as file:
        file.write(b"not music, whatever its name says")
    with open(folder + "/plans.yaml", "w") as file:
        file.write(CONFIG.format(folder=folder))
    with open(folder + "/offers.yaml", "w") as file:
        file.write(FEED)
    covers.cover(folder + "/evening.jpg", covers.sea, 12, ["2b1630", "7a2e4d", "e2725b", "3b1c3c"], "ffdca8")
    # One typeface on every machine, where it is installed.
    with open(folder + "/fonts.conf", "w") as file:
        file.write('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><include>/etc/fonts/fonts.conf</include>'
                   + "".join(f'<match target="pattern"><test name="family"><string>{name}</string></test><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>'
                             for name in ("system-ui", "sans-serif")) + "</fontconfig>")
    os.environ["FONTCONFIG_FILE"] = folder + "/fonts.conf"
    account(folder + "/data")
    server = Server(folder, "--config", folder + "/plans.yaml")
    try:
        headers = server.cookie()
        print(f"uploads {len(paths)} tracks", flush=True)
        server.send("PUT", "/api/v1/me/taste", {"enabled": True}, headers)
        by_title = fill(server, headers, paths)
        with chromium() as browser:
            camera = Camera(browser, server, by_title, headers)
            print("takes the pictures", flush=True)
            gates(browser, server, camera)
            browser.size(*DESK)
            browser.go(server.base + "/login")
            for name, value in (("name", "ada"), ("password", PASSWORD)):
                browser.click(f"form input[name={name}]")
                browser.type(value)
            browser.click("form .button.main")
            browser.wait("location.pathname === '/' && document.querySelector('main h1')", 30, "logged in")
            tour(camera, folder)
        if PUBLISH:
            publish()
    finally:
        server.end()


main("screenshots", run)
