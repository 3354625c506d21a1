"""What described.py tells schemathesis: what there is on the server, what a schema cannot say, and how bytes are sent."""
import json
import os
import random
import re

import schemathesis

IDS = json.loads(os.environ.get("DESCRIBED_IDS", "{}"))
# By list: cursors of its own.
CURSORS = json.loads(os.environ.get("DESCRIBED_CURSORS", "{}"))
# The key that the run needs to the end.
OWN = json.loads(os.environ.get("DESCRIBED_OWN", "[]"))
NOBODY = "x" * 22
# Lists of their own, one at a time.
FILTERS = ("sort", "album", "artist", "appearsOn", "genre", "favourite")


@schemathesis.serializer("application/offset+octet-stream")
def octets(context, value):
    return value if isinstance(value, bytes) else str(getattr(value, "value", value)).encode()


def known(kind, value):
    """Every other id is one of what there is: chosen by the one it stands for, so that a seed gives the same run."""
    chance = random.Random(str(value))
    isOne = re.fullmatch("[0-9A-Za-z]{22}", str(value)) is not None
    return chance.choice(IDS[kind]) if isOne and IDS.get(kind) and chance.random() < 0.5 else value


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    for name, value in (path_parameters or {}).items():
        path_parameters[name] = known(name, value)
    return path_parameters


@schemathesis.hook
def map_query(context, query):
    if not isinstance(query, dict):
        return query
    filters = [name for name in FILTERS if name in query]
    for name in filters[1:]:
        del query[name]
    # A place or a cursor, and a random choice has neither.
    if query.get("sort") == "random":
        for name in ("at", "after"):
            query.pop(name, None)
    if "at" in query:
        query.pop("after", None)
    for name, kind in (("album", "album"), ("artist", "artist"), ("appearsOn", "artist")):
        if name in query:
            query[name] = known(kind, query[name])
    # A cursor is of one list in one order: an earlier page's, now and then one that is none.
    if "after" in query and random.Random(str(query["after"])).random() < 0.8:
        cursor = CURSORS.get(context.operation.path) if context.operation else None
        if cursor and not filters:
            query["after"] = cursor
        else:
            del query["after"]
    return query


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict):
        return body
    if "track" in body and isinstance(body["track"], str):
        body["track"] = known("track", body["track"])
    if isinstance(body.get("tracks"), list):
        body["tracks"] = [known("track", track) if isinstance(track, str) else track for track in body["tracks"]]
    return body


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.path_parameters and case.path_parameters.get("key") in OWN:
        case.path_parameters["key"] = NOBODY
