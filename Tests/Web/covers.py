"""Covers of albums that do not exist: skies, seas, hills, rings and leaves, drawn from a number each."""
import math
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZE, DRAWN = 800, 1600


def rgb(text):
    return tuple(int(text[at:at + 2], 16) for at in (0, 2, 4))


def sky(colours):
    """A vertical gradient through colours."""
    stops = np.linspace(0, 1, len(colours))
    at = np.linspace(0, 1, DRAWN)
    columns = [np.interp(at, stops, [rgb(colour)[part] for colour in colours]) for part in range(3)]
    return Image.fromarray(np.repeat(np.stack(columns, -1)[:, None, :], DRAWN, 1).astype(np.uint8))


def ridge(draw, chance, base, height, colour, roughness):
    waves = [(chance.uniform(0.6, 4) * roughness, chance.uniform(0, 7), chance.uniform(0.2, 1)) for _ in range(5)]
    points = [(x, base - height * sum(weight * math.sin(pace * x / DRAWN * 6.3 + start) for pace, start, weight in waves) / 2.4) for x in range(0, DRAWN + 8, 8)]
    draw.polygon([*points, (DRAWN, DRAWN), (0, DRAWN)], fill=rgb(colour))


def hills(chance, colours, sun):
    image = sky(colours[:3])
    draw = ImageDraw.Draw(image)
    x, y, r = chance.uniform(0.3, 0.7) * DRAWN, chance.uniform(0.28, 0.42) * DRAWN, chance.uniform(0.1, 0.17) * DRAWN
    draw.ellipse((x - r, y - r, x + r, y + r), fill=rgb(sun))
    for place, colour in enumerate(colours[3:]):
        ridge(draw, chance, DRAWN * (0.52 + 0.13 * place), DRAWN * 0.09, colour, 0.6 + 0.25 * place)
    return image


def sea(chance, colours, moon):
    image = sky(colours)
    draw = ImageDraw.Draw(image)
    x, y, r = DRAWN * 0.5, DRAWN * 0.36, DRAWN * 0.15
    draw.ellipse((x - r, y - r, x + r, y + r), fill=rgb(moon))
    for line in range(26):
        at = DRAWN * 0.62 + line * line * 1.05
        wide = r * (0.5 + line / 13) * chance.uniform(0.35, 1)
        middle = x + chance.uniform(-0.25, 0.25) * wide
        draw.rounded_rectangle((middle - wide, at, middle + wide, at + 5 + line * 0.7), 6, fill=rgb(moon))
    return image


def rings(chance, colours, ground):
    image = Image.new("RGB", (DRAWN, DRAWN), rgb(ground))
    draw = ImageDraw.Draw(image)
    x, y = chance.uniform(0.35, 0.65) * DRAWN, chance.uniform(0.35, 0.65) * DRAWN
    radius = DRAWN * 0.62
    place = 0
    while radius > DRAWN * 0.03:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=rgb(colours[place % len(colours)]))
        radius -= DRAWN * chance.uniform(0.03, 0.075)
        x, y = x + chance.uniform(-12, 12), y + chance.uniform(-12, 12)
        place += 1
    return image


def arches(chance, colours, ground):
    image = Image.new("RGB", (DRAWN, DRAWN), rgb(ground))
    draw = ImageDraw.Draw(image)
    cell = DRAWN // 4
    for row in range(4):
        for column in range(4):
            x, y = column * cell, row * cell
            draw.rectangle((x, y, x + cell, y + cell), fill=rgb(chance.choice(colours)))
            shape, colour = chance.randrange(4), rgb(chance.choice(colours + [ground]))
            corner = chance.choice([(x, y), (x + cell, y), (x, y + cell), (x + cell, y + cell)])
            if shape < 2:
                part = Image.new("L", (cell, cell))
                ImageDraw.Draw(part).ellipse((corner[0] - x - cell, corner[1] - y - cell, corner[0] - x + cell, corner[1] - y + cell), fill=255)
                image.paste(colour, (x, y), part)
            elif shape == 2:
                draw.ellipse((x + cell * 0.2, y + cell * 0.2, x + cell * 0.8, y + cell * 0.8), fill=colour)
            else:
                draw.polygon([(x, y), (x + cell, y + cell), corner if corner[0] - x != corner[1] - y else (x + cell, y)], fill=colour)
    return image


def lines(chance, colours, ground):
    """Contour lines of a landscape."""
    y, x = np.mgrid[0:DRAWN, 0:DRAWN] / DRAWN
    height = sum(chance.uniform(0.3, 1) * np.sin(chance.uniform(2, 9) * x + chance.uniform(2, 9) * y + chance.uniform(0, 7)) for _ in range(7))
    level = (height * 5) % 1
    image = np.empty((DRAWN, DRAWN, 3))
    image[:] = rgb(ground)
    band = np.floor(height * 5).astype(int) % len(colours)
    for place, colour in enumerate(colours):
        image[(level < 0.16) & (band == place)] = rgb(colour)
    return Image.fromarray(image.astype(np.uint8))


def leaves(chance, colours, ground):
    image = Image.new("RGB", (DRAWN, DRAWN), rgb(ground))
    for _ in range(26):
        long, wide = int(chance.uniform(260, 560)), int(chance.uniform(90, 190))
        leaf = Image.new("L", (long, long))
        pen = ImageDraw.Draw(leaf)
        points = [(at, long / 2 + side * wide / 2 * math.sin(math.pi * at / long) ** 1.4) for side, run in ((1, range(0, long, 4)), (-1, range(long - 1, -1, -4))) for at in run]
        pen.polygon(points, fill=255)
        pen.line((0, long / 2, long, long / 2), fill=140, width=5)
        leaf = leaf.rotate(chance.uniform(0, 360), Image.BICUBIC, expand=True)
        image.paste(rgb(chance.choice(colours)), (int(chance.uniform(-0.15, 0.95) * DRAWN), int(chance.uniform(-0.15, 0.95) * DRAWN)), leaf)
    return image


def glow(chance, colours, ground):
    """Soft lights out of focus."""
    image = Image.new("RGB", (DRAWN, DRAWN), rgb(ground))
    for _ in range(30):
        r = chance.uniform(0.04, 0.2) * DRAWN
        x, y = chance.uniform(0, DRAWN), chance.uniform(0.15, 1) * DRAWN
        light = Image.new("L", (DRAWN, DRAWN))
        ImageDraw.Draw(light).ellipse((x - r, y - r, x + r, y + r), fill=int(chance.uniform(50, 150)))
        image.paste(rgb(chance.choice(colours)), (0, 0), light.filter(ImageFilter.GaussianBlur(chance.choice([3, 10, 40]))))
    return image


def cover(path, make, seed, *colours):
    """Draws a cover, with a little grain as of print."""
    chance = random.Random(seed)
    image = make(chance, *colours).resize((SIZE, SIZE), Image.LANCZOS)
    grain = np.random.default_rng(seed).normal(0, 3, (SIZE, SIZE, 1))
    Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)).save(path, quality=90)
