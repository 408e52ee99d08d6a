"""Private by construction: no page loads anything from elsewhere, holds a script, a style or a handler, or lacks the policy that says so."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

site = Path(sys.argv[1])
problems = []


class Page(HTMLParser):
    def __init__(self, name, text):
        super().__init__()
        self.name, self.policy, self.script = name, None, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "meta" and (values.get("http-equiv") or "").lower() == "content-security-policy":
            self.policy = values.get("content")
        loads = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "object": "data", "form": "action"}
        link = values.get(loads.get(tag, ""))
        if tag == "link" and not {"alternate", "canonical"} & set((values.get("rel") or "").split()):
            link = values.get("href")
        if link and re.match(r"(?i)(https?:)?//", link):
            problems.append(f"{self.name}: <{tag}> loads {link}")
        problems.extend(f"{self.name}: <{tag}> has {name}" for name in values if name.startswith("on") or name == "style")
        if tag == "style":
            problems.append(f"{self.name}: a style stands in the page")
        self.script = tag == "script" and "src" not in values and values.get("type") not in ("application/json", "application/ld+json")

    def handle_data(self, text):
        if self.script and text.strip():
            problems.append(f"{self.name}: a script stands in the page")

    def handle_endtag(self, tag):
        self.script = False


pages = 0
for path in sorted(site.rglob("*.html")):
    pages += 1
    name = path.relative_to(site).as_posix()
    policy = Page(name, path.read_text("utf-8")).policy
    if policy is None:
        problems.append(f"{name}: no Content-Security-Policy")
    elif "default-src 'none'" not in policy or "unsafe" in policy or re.search(r"https?:|\*", policy):
        problems.append(f"{name}: the policy allows too much: {policy}")
for path in site.rglob("*.css"):
    problems += [f"{path.name}: loads {link}" for link in re.findall(r"(?:url\(\s*['\"]?|@import\s+['\"])(https?:[^'\")]+|//[^'\")]+)", path.read_text("utf-8"))]

print("\n".join(problems[:50]))
print(f"{pages} pages, {len(problems)} problems")
sys.exit(1 if problems or not pages else 0)
