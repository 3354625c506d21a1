"""What parsers that know nothing of Swift make of escaped texts.

Input on stdin: {"markup": [[text, escaped]], "disposition": [[name, value]], "archive": path}.
Writes {"problems": [...], "names": [...]}: the names in the archive.
"""

import io
import json
import re
import sys
import unicodedata
import zipfile
from email.message import EmailMessage, Message
from email.policy import HTTP
from html.parser import HTMLParser
from xml.parsers import expat

problems = []


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.data = [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.data += data


def markup(text, escaped):
    document = f'<p title="{escaped}">{escaped}</p>'
    page = Page(document)
    if page.tags != [("p", {"title": text})] or page.data != text:
        problems.append(f"html.parser makes {page.tags!r} and {page.data!r} of {text!r}")
    found = []
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    data = []
    parser.CharacterDataHandler = data.append
    try:
        parser.Parse(document.encode(), True)
    except expat.ExpatError as error:
        problems.append(f"expat: {error} in {document!r}")
        return
    if found != [("p", {"title": text})] or "".join(data) != text:
        problems.append(f"expat makes {found!r} and {data!r} of {text!r}")


def disposition(name, value):
    if not value.isascii() or not value.isprintable():
        problems.append(f"not printable ASCII: {value!r}")
    # The two parameters one by one: to the parser of mail they are one name twice.
    plain, extended = value.split("; filename*=")
    message = EmailMessage(policy=HTTP)
    message["Content-Disposition"] = plain
    shown = message["Content-Disposition"].params["filename"]
    if len(shown) != len(name) or any(a != b for a, b in zip(shown, name) if b.isascii() and b not in '"%\\' and b.isprintable()):
        problems.append(f"filename is {shown!r} of {name!r}")
    message = Message()
    message["Content-Disposition"] = "inline; filename*=" + extended
    if message.get_filename() != name:
        problems.append(f"filename* is {message.get_filename()!r}, not {name!r}")
    for found in (shown, message.get_filename()):
        if re.search("[/\\\\\\x00-\\x1f\\x7f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]", found):
            problems.append(f"{found!r} is no name of a file")


def archive(path):
    with zipfile.ZipFile(path) as file:
        if file.testzip():
            problems.append("the archive is damaged")
        names = [info.filename for info in file.infolist()]
        seen = set()
        for name in names:
            parts = name.split("/")
            # A mark at a name's beginning would be one with the slash.
            if any(part in ("", ".", "..") or len(part.encode()) > 130 or unicodedata.combining(part[0]) for part in parts):
                problems.append(f"{name!r} has a part that is none")
            if re.search('[\\\\:*?"<>|\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufffd]', name):
                problems.append(f"{name!r} has what file systems do not take")
            folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
            if folded in seen:
                problems.append(f"{name!r} is there twice")
            seen.add(folded)
            if name.endswith(".m3u8"):
                for line in io.TextIOWrapper(file.open(name), "utf-8").read().splitlines():
                    if not line.startswith(("#EXTM3U", "#PLAYLIST:", "../music/")):
                        problems.append(f"{name!r} has the line {line!r}")
                    if line.startswith("../") and line[3:] not in names:
                        problems.append(f"{line!r} leads nowhere")
        return names


asked = json.load(sys.stdin)
for pair in asked.get("markup", []):
    markup(*pair)
for pair in asked.get("disposition", []):
    disposition(*pair)
names = archive(asked["archive"]) if "archive" in asked else []
json.dump({"problems": problems, "names": names}, sys.stdout)
