"""A client of `/rest` that nobody shaped to the server: it builds requests as the protocol's documents have them, reads both formats, and
knows where the OpenAPI description is."""
import hashlib
import http.client
import json
import os
import random
import re
import string
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

NAMESPACE = "http://subsonic.org/restapi"
HERE = os.path.dirname(os.path.abspath(__file__))
FORM = "application/x-www-form-urlencoded"


def data_folder():
    """The folder of the OpenAPI description; None if this machine does not have it."""
    folder = os.environ.get("SWEETSPOT_OPENSUBSONIC") or os.path.join(HERE, "../../../shared/data/opensubsonic")
    return os.path.normpath(folder) if os.path.isfile(os.path.join(folder, "openapi.json")) else None


def skip(reason):
    """Ends the script, which found nothing out."""
    print(f"SKIPPED: {reason}", file=sys.stderr)
    print(json.dumps({"problems": [], "figures": {"skipped": 1}}))
    raise SystemExit(0)


class Findings:
    """What did not go as it should, one line each, and what was counted."""

    def __init__(self):
        self.problems, self.figures, self.where = [], {}, ""

    def check(self, condition, text):
        self.count("checks")
        if not condition:
            line = f"FAIL {self.where}: {text}" if self.where else f"FAIL {text}"
            if line not in self.problems:
                self.problems.append(line)
                print(line[:1200], file=sys.stderr, flush=True)
        return bool(condition)

    def equal(self, came, wanted, what):
        return self.check(came == wanted, f"wanted {what} {wanted!r}, came {came!r}")

    def count(self, name, by=1):
        self.figures[name] = self.figures.get(name, 0) + by

    def end(self):
        print(json.dumps({"problems": self.problems[:60], "figures": {**self.figures, "failures": len(self.problems)}}))


def app_password(program, data, name):
    """A secret for the clients of `name`."""
    made = subprocess.run([program, "account", "app-password", name, "--data", data], capture_output=True, text=True)
    if made.returncode != 0:
        raise SystemExit(f"account app-password ended with {made.returncode}: {made.stderr}")
    return made.stdout.strip().split("\n")[-1].split()[-1]


def token(secret, salt):
    return hashlib.md5((secret + salt).encode()).hexdigest()


class Answer:
    def __init__(self, status, headers, body, method="GET", target=""):
        self.status, self.headers, self.body, self.method, self.target = status, headers, body, method, target
        self.kind = (headers["Content-Type"] or "").split(";")[0].strip().lower()

    @property
    def document(self):
        """The envelope of a JSON answer; None if it is none."""
        try:
            return json.loads(self.body)["subsonic-response"]
        except (ValueError, KeyError, TypeError):
            return None

    @property
    def tree(self):
        """The root of an XML answer; None if it is none."""
        try:
            root = ElementTree.fromstring(self.body)
        except ElementTree.ParseError:
            return None
        return root if root.tag == f"{{{NAMESPACE}}}subsonic-response" else None

    @property
    def code(self):
        """The code of the error, 0 and up; None if the answer is ok, -1 if it is no envelope at all."""
        if self.kind == "application/json":
            document = self.document
            if document is None or document.get("status") not in ("ok", "failed"):
                return -1
            return None if document["status"] == "ok" else document.get("error", {}).get("code", -1)
        if self.kind in ("text/xml", "application/xml"):
            root = self.tree
            if root is None or root.get("status") not in ("ok", "failed"):
                return -1
            error = root.find(f"{{{NAMESPACE}}}error")
            return None if root.get("status") == "ok" else int(error.get("code")) if error is not None else -1
        return -1

    @property
    def is_envelope(self):
        return self.code != -1

    def __str__(self):
        return f"{self.status} {self.kind} {self.body[:200]!r}"


class Rest:
    """Asks one server for one user; a connection stays open."""

    def __init__(self, port, name, secret, client="oracle", version="1.16.1", auth="token"):
        self.port, self.name, self.secret, self.client, self.version, self.auth = port, name, secret, client, version, auth
        self.connection = None
        self.random = random.Random(18)

    def credentials(self, auth=None):
        auth = auth or self.auth
        if auth == "token":
            salt = "".join(self.random.choices(string.ascii_lowercase + string.digits, k=8))
            return [("u", self.name), ("t", token(self.secret, salt)), ("s", salt)]
        if auth == "clear":
            return [("u", self.name), ("p", self.secret)]
        if auth == "enc":
            return [("u", self.name), ("p", "enc:" + self.secret.encode().hex())]
        if auth == "key":
            return [("apiKey", self.secret)]
        return []

    def query(self, parameters, format="json", auth=None):
        pairs = self.credentials(auth) + [("v", self.version), ("c", self.client)] + ([("f", format)] if format else [])
        items = parameters.items() if isinstance(parameters, dict) else parameters
        for name, value in items:
            for one in value if isinstance(value, list) else [value]:
                pairs.append((name, str(one)))
        return urllib.parse.urlencode(pairs)

    def send(self, method, target, headers=None, body=None):
        """One request as it is; the connection is made again if the server ended it."""
        for attempt in (0, 1):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            try:
                self.connection.request(method, target, body=body, headers=headers or {})
                answer = self.connection.getresponse()
                result = Answer(answer.status, answer.headers, answer.read(), method, target)
                if answer.will_close:
                    self.close()
                return result
            except (http.client.HTTPException, OSError):
                self.close()
                if attempt:
                    raise

    def ask(self, endpoint, parameters=(), format="json", method="GET", auth=None, headers=None, view=False, body=None):
        path = "/rest/" + endpoint + (".view" if view else "")
        query = self.query(dict(parameters) if isinstance(parameters, dict) else list(parameters), format, auth)
        if method == "POST" and body is None:
            return self.send("POST", path, {"Content-Type": FORM, **(headers or {})}, query.encode())
        return self.send(method, f"{path}?{query}", headers, body)

    def in_pieces(self, endpoint, parameters, check):
        """All bytes of a stream that is paced when it is read at once: in pieces, of which the server gives each without delay."""
        head = self.ask(endpoint, parameters, method="HEAD")
        if head.status != 200 or not (head.headers["Content-Length"] or "").isdigit() or head.is_envelope:
            return self.ask(endpoint, parameters)
        total, body = int(head.headers["Content-Length"]), b""
        while len(body) < total:
            last = min(total, len(body) + (total // 2 if not body else total // 12 + 1)) - 1
            part = self.ask(endpoint, parameters, headers={"Range": f"bytes={len(body)}-{last}"})
            check(part.status == 206 and part.headers["ETag"] == head.headers["ETag"] and len(part.body) == last + 1 - len(body),
                  f"{endpoint} {parameters} from {len(body)}: {part.status}, {len(part.body)} bytes")
            if part.status != 206 or not part.body:
                break
            body += part.body
        return Answer(head.status, head.headers, body)

    def get(self, endpoint, parameters=(), **more):
        """The document of an answer that has to be ok."""
        answer = self.ask(endpoint, parameters, **more)
        if answer.code is not None:
            raise Refused(f"{endpoint} {parameters}: {answer}")
        return answer.document

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Refused(Exception):
    pass


# Elements whose text is what JSON has as `value`.
def shown(value):
    """A scalar as an attribute has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


# Whose single texts are elements in the schema of 1.16.1 (AlbumInfo, ArtistInfo).
INFORMATION = {"albumInfo", "artistInfo", "artistInfo2"}


def canonical_json(value, name=""):
    """(attributes, children): what an XML element of the same content has. Lists that are empty have no form in XML."""
    attributes, children = {}, {}
    for key, member in value.items():
        if isinstance(member, dict):
            children[key] = [canonical_json(member, key)]
        elif isinstance(member, list):
            if member:
                children[key] = [canonical_json(one) if isinstance(one, dict) else ({"value": shown(one)}, {}) for one in member]
        elif member is not None and name in INFORMATION:
            children[key] = [({"value": shown(member)}, {})]
        elif member is not None:
            attributes[key] = shown(member)
    return attributes, children


def canonical_xml(element):
    attributes, children = dict(element.attrib), {}
    for child in element:
        name = child.tag.replace(f"{{{NAMESPACE}}}", "")
        children.setdefault(name, []).append(canonical_xml(child))
    text = element.text or ""
    if children and text.strip():
        # An element with others inside has `value` as an attribute.
        attributes["text beside elements"] = text
    elif text:
        attributes["value"] = text
    return attributes, children


def same_scalar(one, other):
    if one == other:
        return True
    try:
        return abs(float(one) - float(other)) < 1e-6
    except ValueError:
        return False


def differences(made, read, place=""):
    """Where an XML element does not say what JSON says."""
    found = []
    (attributes, children), (others, elements) = made, read
    for name in sorted(attributes.keys() | others.keys()):
        one, other = attributes.get(name), others.get(name)
        if one is None or other is None:
            # An empty text has no element text.
            if not (name == "value" and one in ("", None) and other in ("", None)):
                found.append(f"{place}@{name}: JSON {one!r}, XML {other!r}")
        elif not same_scalar(one, other):
            found.append(f"{place}@{name}: JSON {one!r}, XML {other!r}")
    for name in sorted(children.keys() | elements.keys()):
        one, other = children.get(name, []), elements.get(name, [])
        if len(one) != len(other):
            found.append(f"{place}/{name}: JSON has {len(one)}, XML {len(other)}")
            continue
        for number, (a, b) in enumerate(zip(one, other)):
            found += differences(a, b, f"{place}/{name}[{number}]")
    return found


class Schemas:
    """The OpenAPI description, file by file."""

    def __init__(self, folder):
        self.folder, self.files = folder, {}
        self.paths = self.load("openapi.json")["paths"]

    def load(self, path):
        if path not in self.files:
            with open(os.path.join(self.folder, path)) as file:
                self.files[path] = json.load(file)
        return self.files[path]

    def follow(self, schema, path):
        while "$ref" in schema:
            path = os.path.normpath(os.path.join(os.path.dirname(path), schema["$ref"].split("#")[0]))
            schema = self.load(path)
        return schema, path

    def properties(self, schema, path):
        """Every member that a schema or a part of it has."""
        schema, path = self.follow(schema, path)
        found = {name: (member, path) for name, member in schema.get("properties", {}).items()}
        for part in [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])]:
            found.update(self.properties(part, path))
        return found

    def endpoint(self, name, method="get"):
        path = self.paths["/rest/" + name]["$ref"]
        document = self.load(os.path.normpath(path))
        return document.get(method) or document[next(iter(document))], os.path.normpath(path)

    def response(self, name):
        """The schemas of what `subsonic-response` holds: ok, and failed; None if the endpoint answers bytes."""
        operation, path = self.endpoint(name)
        response, path = self.follow(operation["responses"]["200"], path)
        content = response.get("content", {}).get("application/json")
        if content is None:
            return None
        schema, path = self.follow(content["schema"], path)
        if "properties" not in schema:
            # The description leaves the envelope out.
            base = "schemas/SubsonicResponse/Subsonic"
            decision = {"properties": {"transcodeDecision": {"$ref": "schemas/TranscodeDecision.json"}}, "required": ["transcodeDecision"]}
            return {"ok": ({"allOf": [{"$ref": base + "SuccessResponse.json"}, decision]}, ""),
                    "failed": ({"$ref": base + "FailureResponse.json"}, "")}
        inner, path = self.follow(schema["properties"]["subsonic-response"], path)
        return {"ok": (inner["oneOf"][0], path), "failed": (inner["oneOf"][1], path)}

    def inlined(self, schema, path, depth=0):
        """The schema without references, for a validator that knows no files. What refers to itself is cut after some depth."""
        schema, path = self.follow(schema, path)
        if depth > 14:
            return {}
        made = {}
        for key, value in schema.items():
            if key == "properties":
                made[key] = {name: self.inlined(member, path, depth + 1) for name, member in value.items()}
            elif key in ("allOf", "oneOf", "anyOf"):
                made[key] = [self.inlined(part, path, depth + 1) for part in value]
            elif key == "items":
                made[key] = self.inlined(value, path, depth + 1)
            elif key in ("type", "enum", "required", "minimum", "maximum", "minItems", "maxItems", "pattern"):
                made[key] = value
        return made

    def unknown(self, value, schema, path, place=""):
        """Members that no schema has."""
        schema, path = self.follow(schema, path)
        if isinstance(value, list):
            item = next((s for s in [schema, *schema.get("allOf", [])] if "items" in s), None)
            return [] if item is None else [text for one in value for text in self.unknown(one, item["items"], path, place + "[]")]
        if not isinstance(value, dict):
            return []
        known = self.properties(schema, path)
        if not known:
            return []
        found = []
        for name, member in value.items():
            if name not in known:
                found.append(f"{place}.{name}")
            else:
                found += self.unknown(member, *known[name], f"{place}.{name}")
        return found


RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
IDENTIFIER = re.compile(r"[A-Za-z0-9]+")
TIMES = {"created", "changed", "starred", "played", "lastVisited", "expires", "licenseExpires", "trialExpires", "publishDate",
         "avatarLastChanged", "validUntil"}
IDENTIFIERS = {"id", "parent", "albumId", "artistId", "coverArt", "current", "streamId", "channelId"}
# Milliseconds since 1970.
LONG = {"lastModified", "time"}
FRACTIONS = {"trackGain", "albumGain", "trackPeak", "albumPeak", "baseGain", "fallbackGain", "averageRating", "similarity", "playbackRate",
             "gain", "volume", "start", "offset"}


def faults(value, name="", parent=""):
    """What every JSON answer has to keep, whatever its schema: ids, times, whole numbers of 32 bits, no null."""
    if isinstance(value, dict):
        return [fault for key, member in value.items() for fault in faults(member, key, name)]
    if isinstance(value, list):
        return [fault for one in value for fault in faults(one, name, parent)]
    if value is None:
        return [f"{parent}.{name} is null"]
    found = []
    if name in IDENTIFIERS and parent != "musicFolder":
        if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
            found.append(f"{parent}.{name} is {value!r}, not [A-Za-z0-9]+ in a string")
    if name in TIMES and not (isinstance(value, str) and RFC3339.fullmatch(value)):
        found.append(f"{parent}.{name} is {value!r}, not RFC 3339 with a zone")
    if isinstance(value, float) and name not in FRACTIONS:
        found.append(f"{parent}.{name} is {value!r}, a fraction")
    if isinstance(value, int) and not isinstance(value, bool) and name not in LONG and not -2**31 <= value < 2**31:
        found.append(f"{parent}.{name} is {value!r}, over 32 bits")
    return found
