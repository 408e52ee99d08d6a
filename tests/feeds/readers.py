#!/usr/bin/env python3
"""Reads the feeds and calendars of a built site back with parsers that are not ours.

    readers.py SITE BASE_URL NOW

feedparser and lxml read RSS and Atom, jsonschema and json the JSON Feed, icalendar and ical.js the calendars. One line for each
file; exit 1 if anything is wrong.
"""

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import icalendar
import jsonschema
from lxml import etree

HERE = Path(__file__).resolve().parent
ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
REPLY = "{http://purl.org/syndication/thread/1.0}in-reply-to"


class Checked:
    """What is wrong with the file that is being read, and with all before it."""

    def __init__(self):
        self.failed = 0
        self.problems: list[str] = []

    def expect(self, holds, problem: str):
        if not holds:
            self.problems.append(problem)

    def done(self, name: str, detail: str):
        print("FAIL" if self.problems else "PASS", f" {name}  {detail}")
        for problem in self.problems[:10]:
            print(f"        - {problem}")
        self.failed += bool(self.problems)
        self.problems = []


class Output:
    """The folder that was built."""

    def __init__(self, root: str, base: str, now: str):
        self.root = Path(root)
        self.home = base.rstrip("/") + "/"
        self.now = datetime.fromisoformat(now.replace("Z", "+00:00"))

    def address(self, path: Path) -> str:
        return self.home + path.relative_to(self.root).as_posix()

    def shows(self, link: str) -> bool:
        """Whether a full link leads to a page of the site, and to an anchor in it."""
        parts = urlsplit(link)
        file = self.root / unquote(link.split("#")[0].removeprefix(self.home))
        page = file / "index.html" if file.is_dir() else file
        return link.startswith(self.home) and page.is_file() and (not parts.fragment or f'id="{parts.fragment}"' in page.read_text())


def main() -> int:
    output = Output(*sys.argv[1:4])
    checked = Checked()
    main_items = rss(output, output.root / "feed.xml", checked)
    for path in sorted(output.root.rglob("feed.xml")) + [output.root / "maintenance.xml"]:
        if path.parent != output.root or path.name != "feed.xml":
            part(output, path, main_items, checked)
    old_address = output.root / "feed/index.xml"
    checked.expect(old_address.read_bytes() == (output.root / "feed.xml").read_bytes(), "differs from feed.xml")
    checked.done("feed/index.xml", "the same bytes as feed.xml")
    atom(output, list(main_items), checked)
    json_feed(output, list(main_items), checked)
    history(output, checked)
    for path in sorted(output.root.rglob("calendar.ics")):
        calendar(output, path, checked)
    redirects(output, checked)
    return 1 if checked.failed else 0


def rss(output: Output, path: Path, checked: Checked) -> dict[str, bytes]:
    """The items of an RSS feed by id, newest first, as they stand in the file."""
    raw = path.read_bytes()
    channel = etree.fromstring(raw).find("channel")
    read = feedparser.parse(raw)
    checked.expect(not read.bozo, f"feedparser: {read.get('bozo_exception')}")
    own = [link.get("href") for link in channel.findall(ATOM + "link") if link.get("rel") == "self"]
    checked.expect(own == [output.address(path)], f"names itself {own}")
    items = channel.findall("item")
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in items]
    checked.expect(all(a > b for a, b in zip(dates, dates[1:])), "dates do not fall strictly")
    checked.expect(not dates or dates[0] <= output.now, "an item from the future")
    checked.expect(channel.findtext("lastBuildDate") == (items[0].findtext("pubDate") if items else None), "its date is not its newest item's")
    checked.expect(len(read.entries) == len(items), f"feedparser reads {len(read.entries)} of {len(items)} items")
    checked.expect(b"<![CDATA[" not in raw, "text in CDATA")
    for item, entry in zip(items, read.entries):
        title = item.findtext("title")
        checked.expect(item.find("guid").get("isPermaLink") == "false", f"{title}: the guid is called a link")
        checked.expect(entry.title == title and entry.author and entry.summary, f"{title}: feedparser misses title, author or text")
        checked.expect(item.findtext(CREATOR), f"{title}: no author")
        checked.expect(output.shows(item.findtext("link")), f"{title}: {item.findtext('link')} shows nothing")
        simple_html(item.findtext("description"), title, checked)
    links = [item.findtext("link") for item in items]
    checked.expect(len(set(links)) == len(links), "two items share a link")
    found = dict(zip((item.findtext("guid") for item in items), re.findall(rb"<item>.*?</item>", raw, re.S)))
    checked.expect(len(found) == len(items), "two items share an id")
    checked.done(path.relative_to(output.root).as_posix(), f"{len(items)} items")
    return found


def part(output: Output, path: Path, main_items: dict[str, bytes], checked: Checked):
    for guid, item in rss(output, path, checked).items():
        checked.expect(main_items.get(guid, item) == item, f"{guid} differs from the main feed's")
    if checked.problems:
        checked.done(path.relative_to(output.root).as_posix(), "against feed.xml")


def simple_html(html: str, title: str, checked: Checked):
    allowed = set("p br a ul ol li strong em del code pre blockquote hr h2 h3 h4 h5 h6 table thead tbody tr th td img sup div section".split())
    tree = etree.HTML(html)
    for element in tree.find("body").iter() if tree is not None else []:
        checked.expect(element.tag in allowed | {"body"}, f"{title}: <{element.tag}> in the text")
        checked.expect(not {"class", "id", "style"} & set(element.attrib), f"{title}: {dict(element.attrib)} in the text")
        for name in ("href", "src"):
            value = element.get(name, "https://")
            checked.expect(re.match(r"(https?://|mailto:|tel:)", value), f"{title}: {name} is {value}")


def atom(output: Output, ids: list[str], checked: Checked):
    raw = (output.root / "atom.xml").read_bytes()
    feed = etree.fromstring(raw)
    read = feedparser.parse(raw)
    entries = feed.findall(ATOM + "entry")
    checked.expect(not read.bozo, f"feedparser: {read.get('bozo_exception')}")
    checked.expect([entry.findtext(ATOM + "id") for entry in entries] == ids, "not the items of feed.xml in their order")
    checked.expect(not entries or feed.findtext(ATOM + "updated") == entries[0].findtext(ATOM + "updated"), "its date is not its newest entry's")
    checked.expect(feed.findtext(f"{ATOM}author/{ATOM}name"), "no author")
    for entry in entries:
        reply = entry.find(REPLY)
        name = entry.findtext(ATOM + "title")
        is_opening = entry.find(f"{ATOM}link").get("href").endswith("#u-opening")
        checked.expect(is_opening or reply is not None, f"{name}: an update that belongs to no thread")
    checked.done("atom.xml", f"{len(entries)} entries")


def json_feed(output: Output, ids: list[str], checked: Checked):
    feed = json.loads((output.root / "feed.json").read_text())
    schema = json.loads((HERE / "json-feed.schema.json").read_text())
    for error in jsonschema.Draft202012Validator(schema).iter_errors(feed):
        checked.expect(False, f"{error.json_path}: {error.message[:200]}")
    checked.expect([item["id"] for item in feed["items"]] == ids, "not the items of feed.xml in their order")
    checked.done("feed.json", f"{len(feed['items'])} items")


def history(output: Output, checked: Checked):
    """As clients of Statuspage read these: the states stand in `strong`, the times in `var`."""
    for name in ("history.rss", "history.atom"):
        read = feedparser.parse((output.root / name).read_bytes())
        checked.expect(not read.bozo, f"feedparser: {read.get('bozo_exception')}")
        for entry in read.entries:
            text = entry.content[0].value if "content" in entry else entry.summary
            states = re.findall(r"<strong>([A-Z][a-z ]+)</strong> - ", text)
            checked.expect(states or "withdrawn" in text, f"{entry.title}: no state")
            checked.expect(text.count("<small>") == len(states), f"{entry.title}: an update without a state")
        checked.done(name, f"{len(read.entries)} incidents")


def calendar(output: Output, path: Path, checked: Checked):
    raw = path.read_bytes()
    read = icalendar.Calendar.from_ical(raw)
    events = read.walk("VEVENT")
    checked.expect(not [error for part in (read, *events) for error in part.errors], "icalendar finds errors")
    checked.expect(raw.count(b"\n") == raw.count(b"\r\n"), "lines that do not end in CRLF")
    checked.expect(max(map(len, raw.split(b"\r\n"))) <= 75, "a line of more than 75 octets")
    checked.expect("METHOD" not in read and "REFRESH-INTERVAL" in read and "NAME" in read, "METHOD, or no REFRESH-INTERVAL or NAME")
    for event in events:
        name = str(event.get("SUMMARY"))
        for key in ("DTSTAMP", "DTSTART", "DTEND", "CREATED", "LAST-MODIFIED"):
            at = event.get(key)
            checked.expect(at is not None and at.dt.utcoffset() == timedelta(0), f"{name}: {key} is not in UTC")
        checked.expect(event.get("DTEND").dt > event.get("DTSTART").dt, f"{name}: ends before it starts")
        checked.expect(str(event.get("TRANSP")) == "TRANSPARENT" and not event.walk("VALARM"), f"{name}: blocks time or rings")
        checked.expect(str(event.get("STATUS")) in ("CONFIRMED", "CANCELLED"), f"{name}: STATUS {event.get('STATUS')}")
        checked.expect(output.shows(str(event.get("URL"))), f"{name}: {event.get('URL')} shows nothing")
    uids = [str(event.get("UID")) for event in events]
    checked.expect(uids == sorted(set(uids)), "UIDs repeat or are not in order")
    other = subprocess.run(["node", str(HERE / "_ical.mjs"), str(path)], capture_output=True, text=True)
    checked.expect(other.returncode == 0, f"ical.js: {other.stderr.strip()[:300]}")
    seen = [(event["uid"], event["sequence"]) for event in json.loads(other.stdout or "[]")]
    checked.expect(seen == [(str(event.get("UID")), int(event.get("SEQUENCE"))) for event in events], "ical.js and icalendar differ")
    checked.done(path.relative_to(output.root).as_posix(), f"{len(events)} windows")


def redirects(output: Output, checked: Checked):
    lines = (output.root / "_redirects").read_text().splitlines()
    base = urlsplit(output.home).path.rstrip("/")
    for line in lines:
        source, target, code = line.split(" ")
        checked.expect(code == "301", f"{line}: not a permanent redirect")
        if ":" not in target:
            checked.expect(output.shows(output.home + target.removeprefix(base).lstrip("/")), f"{line}: leads nowhere")
    checked.done("_redirects", f"{len(lines)} redirects")


if __name__ == "__main__":
    sys.exit(main())
