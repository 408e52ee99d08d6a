"""Every link, image, style sheet, script and anchor inside the site leads to something; looked at from the files alone.

Feeds, sitemap and redirects are looked at too. Addresses of other hosts are not visited.
"""

import html
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

site, base = Path(sys.argv[1]), sys.argv[2].rstrip("/")
host, below = urlsplit(base).netloc, urlsplit(base).path


class Page(HTMLParser):
    """What a page links to, and the ids that it has."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.links, self.ids = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.ids.add(value)
            elif name in ("href", "src", "action", "poster") and value is not None:
                self.links.append(value)
            elif name == "srcset" and value:
                self.links += [candidate.split()[0] for candidate in value.split(",")]
            elif name == "content" and value and re.match(r"\d+;\s*url=", value):
                self.links.append(value.split("url=", 1)[1])


pages = {path: Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
problems, seen = [], 0


def address_of(path):
    name = path.relative_to(site).as_posix()
    return f"{base}/{name.removesuffix('index.html')}"


def look_at(link, where, at):
    global seen
    link = re.sub(r"^webcal:", "https:", link.strip())
    target = urlsplit(urljoin(at, link))
    if target.scheme not in ("http", "https") or target.netloc != host:
        return
    if not (target.path + "/").startswith(below + "/"):
        # The host's other pages are none of ours; an address from the root that forgets the site's own path is.
        if link.startswith("/"):
            problems.append(f"{where}: {link} leaves the path of the site, {below}/")
        return
    seen += 1
    name = unquote(target.path.removeprefix(below)).lstrip("/")
    name = name + "index.html" if name == "" or name.endswith("/") else name
    if name not in names and name.removesuffix("index.html") + "index.xml" in names:
        return
    if name not in names:
        also = " (a folder: its last slash is missing)" if name + "/index.html" in names else ""
        problems.append(f"{where}: {link} leads nowhere{also}")
    elif target.fragment and name.endswith(".html") and unquote(target.fragment) not in pages[site / name].ids:
        problems.append(f"{where}: {link}: the page has no such anchor")


for path, page in pages.items():
    for link in page.links:
        look_at(link, path.relative_to(site), address_of(path))
for path in site.rglob("*.css"):
    for link in re.findall(r"url\(\s*['\"]?([^'\")]+)", path.read_text("utf-8")):
        if not link.startswith("data:"):
            look_at(link, path.relative_to(site), address_of(path))
for suffix in ("xml", "json", "ics", "txt"):
    for path in site.rglob(f"*.{suffix}"):
        text = path.read_text("utf-8")
        # In a feed, a page's HTML is text: its quotes are escaped, and so are the escapes in its addresses.
        text = html.unescape(html.unescape(text)) if suffix == "xml" else text
        for link in set(re.findall(re.escape(base) + r"[^\s\"'<>\\\])]*", text)):
            look_at(link.rstrip(".,;"), path.relative_to(site), base)

print("\n".join(sorted(set(problems))[:50]))
print(f"{len(pages)} pages, {seen} links, {len(problems)} of them broken")
sys.exit(1 if problems or not pages else 0)
