"""A locker's rows as ingest would have written them, of made-up names in several scripts. They are written past the server, which knows
nothing of it."""
import json
import random
import string
import unicodedata

generator = random.Random(7)
letters = string.digits + string.ascii_letters
syllables = "ka lo mi ra té són the be an ar in on es or ti al ing over love night déjà blue day heart run".split()
signs = "日本中国人大小愛夜空海雪花春夏秋冬風月星火水木金土山川森林心時光夢道手"


def identifier():
    return "".join(generator.choices(letters, k=22))


def phrase(least, most):
    return "".join(generator.choices(signs, k=generator.randint(least, most)))


def words(least, most):
    if generator.random() < 0.2:
        return phrase(2, 8)
    return " ".join("".join(generator.choices(syllables, k=generator.randint(1, 3))) for _ in range(generator.randint(least, most))).title()


def letters_of(text):
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def order(text):
    """As CollationKey has it, for letters and digits with accents."""
    letters, lower = letters_of(text), text.lower()
    return letters if letters == lower else letters + "\x01" + lower


def make_found(database, kind, account, item, main, *more):
    """As SearchText has it, for the same and signs."""
    def found_by(text):
        return " ".join(
            " ".join(word[place:place + 2] for place in range(len(word))) if word[0] in signs else word
            for word in letters_of(text).split())
    database.execute(
        "INSERT INTO searchEntry (owner, item, main, more) VALUES (?, ?, ?, ?)",
        (f"{kind}{account}", item, found_by(main), found_by(" ".join(more))))


def fill(database, account, tracks, artists, first):
    """A locker of albums of a dozen tracks."""
    people = [(identifier(), account, words(1, 3)) for _ in range(artists)]
    people = list({name: (key, account, name) for key, account, name in people}.values())
    database.executemany("INSERT INTO artist (id, account, name, nameOrder) VALUES (?, ?, ?, ?)", [(*row, order(row[2])) for row in people])
    for key, _, name in people:
        make_found(database, "r", account, key, name)
    genres = [words(1, 1) + str(number) for number in range(min(30, tracks))]
    database.executemany("INSERT INTO genre (account, name, nameOrder) VALUES (?, ?, ?)", [(account, name, order(name)) for name in genres])
    number = 0
    while number < tracks:
        artist, album = generator.choice(people), (identifier(), words(1, 4) + f" {number}")
        database.execute(
            "INSERT INTO album (id, account, artistId, name, nameOrder, artistOrder, artist, artists) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (album[0], account, artist[0], album[1], order(album[1]), order(artist[2]), artist[2], artist[0] + artist[2]))
        guest = generator.choice(people)
        database.executemany(
            "INSERT INTO albumCredit (artist, isOwn, year, nameOrder, album) VALUES (?, ?, 0, ?, ?)",
            [(key, own, order(album[1]), album[0]) for key, own in {guest[0]: 0, artist[0]: 1}.items()])
        make_found(database, "l", account, album[0], album[1], artist[2])
        year = generator.randint(1960, 2026)
        for place in range(min(12, tracks - number)):
            number += 1
            title, key, genre = words(1, 4), identifier(), generator.choice(genres)
            database.execute(
                """INSERT INTO track (id, account, sha256, title, artist, albumArtist, album, artistId, albumId, titleOrder, artistOrder,
                albumOrder, track, disc, year, genres, samples, sampleRate, channels, bitsPerSample, codec, container, bitrate, bytes,
                warnings, added, played, favourite, artists, albumOwner, tagged, measuresVersion, loudness, truePeak, loudnessRange)
                VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, 10584000, 44100, 2, 16, 'flac', 'flac', 900, 27000000, '[]',
                ?, ?, ?, ?, ?, 1, 1000, -14, -1, 8)""",
                (key, account, generator.randbytes(32), title, artist[2], album[1], artist[0], album[0], order(title), order(artist[2]),
                 order(album[1]), place + 1, year, json.dumps([genre]), first + number,
                 first + number if generator.random() < 0.3 else 0, first + number if generator.random() < 0.02 else 0,
                 f"{artist[0]}{artist[2]}\n{guest[0]}{guest[2]}" if place == 0 else "", artist[0]))
            database.executemany(
                "INSERT INTO credit (artist, isOfAlbum, albumOrder, disc, number, track) VALUES (?, ?, ?, 1, ?, ?)",
                [(credit, role, order(album[1]), place + 1, key)
                 for credit, role in {(artist[0], 0), (artist[0], 1)} | ({(guest[0], 0)} if place == 0 else set())])
            database.execute(
                "INSERT INTO trackGenre (genre, titleOrder, track) SELECT id, ?, ? FROM genre WHERE account = ? AND nameOrder = ?",
                (order(title), key, account, order(genre)))
            make_found(database, "t", account, key, title, artist[2], album[1])
            if generator.random() < 0.3:
                database.execute("INSERT INTO play (account, at, track) VALUES (?, ?, ?)", (account, first + number, key))
                database.execute("UPDATE track SET plays = ? WHERE id = ?", (generator.randint(1, 50), key))
    database.execute(
        "UPDATE account SET libraryChanged = (SELECT max(added) FROM track WHERE account = account.id) WHERE id = ?", (account,))
    return artist[0], album[0], genres[0]
