"""What PostgreSQL's own parser (libpg_query, through pglast) says of the catalogue's statements, and which of those in the sources never ran.

Usage: postgres.py STATEMENTS SOURCES: a JSON list of statements, with ? for each argument, and the folder of the sources they are in."""
import json
import os
import re
import sys

import pglast

with open(sys.argv[1]) as file:
    statements = json.load(file)
problems = []
for statement in statements:
    # As a driver would number them; no statement has a ? in a text.
    pieces = statement.split("?")
    numbered = pieces[0] + "".join(f"${place}{piece}" for place, piece in enumerate(pieces[1:], 1))
    try:
        if len(pglast.parse_sql(numbered)) != 1:
            problems.append(f"not one statement: {statement}")
    except pglast.parser.ParseError as error:
        problems.append(f"{error}: {statement}")


def literals(text):
    """The texts of a Swift file, each as the pieces between its interpolations."""
    place = 0
    while (place := text.find('"', place)) >= 0:
        line = text.rfind("\n", 0, place) + 1
        if text[line:place].lstrip().startswith("//"):
            place = text.find("\n", place)
            continue
        mark = '"""' if text.startswith('"""', place) else '"'
        place += len(mark)
        pieces, piece = [], ""
        while not text.startswith(mark, place):
            if text.startswith("\\(", place):
                pieces.append(piece)
                piece, depth, place = "", 1, place + 2
                while depth:
                    depth += {"(": 1, ")": -1}.get(text[place], 0)
                    place += 1
            elif text[place] == "\\":
                piece += text[place + 1]
                place += 2
            else:
                piece += text[place]
                place += 1
        yield pieces + [piece]
        place += len(mark)


def plain(text):
    return re.sub(r"\s+", " ", text)


ran = [plain(statement) for statement in statements]
count = 0
for folder, _, names in os.walk(sys.argv[2]):
    # A dialect's own words are no other database's.
    if os.path.basename(folder) in ("SQLite", "Schema"):
        continue
    for name in (name for name in names if name.endswith(".swift")):
        with open(os.path.join(folder, name)) as file:
            text = file.read()
        for pieces in literals(text):
            if not re.match(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s", pieces[0]):
                continue
            count += 1
            pattern = ".*".join(re.escape(plain(piece).strip()) for piece in pieces)
            if not any(re.search(pattern, statement) for statement in ran):
                problems.append(f"{name}: no test ran {plain('…'.join(pieces))}")
print(json.dumps({"problems": problems, "figures": {"statements": len(statements), "in the sources": count}}))
