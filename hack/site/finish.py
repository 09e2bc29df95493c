#!/usr/bin/env python3
"""Finishes the site that Maven has rendered: headings get the anchors that GitHub gives them, the pages a search index, and
links are checked.

usage: hack/site/finish.py FOLDER     (./mvnw site calls it with target/site)

The index is a script, search-index.js, so that the search works from a folder without a server.
"""
import html
import json
import pathlib
import re
import sys

# Doxia's form of a heading; its own anchors are the heading's words with underscores and escapes.
HEADING = re.compile(r'<a id="[^"]*"></a>\s*<h([1-6])>(.*?)</h\1>', re.S)
MAIN = re.compile(r"<main[^>]*>(.*)</main>", re.S)
# Scripts, styles, images and links, but those with a scheme.
LOCAL = re.compile(r'(?:href|src)="(?!https?:|data:)([^"]+)"')
TAG = re.compile(r"<[^>]+>")


def text(markup):
    return " ".join(html.unescape(TAG.sub(" ", markup)).split())


def slug(title):
    return re.sub(r"[^\w \-]", "", title.lower()).replace(" ", "-")


def sections(page, markup):
    """The sections of a page: title, anchor and text, each from one heading to the next."""
    pieces = re.split(r'(?=<h[1-6] id=")', markup)
    title = ""
    for piece in pieces[1:]:
        found = re.match(r'<h([1-6]) id="([^"]*)">(.*?)</h\1>(.*)', piece, re.S)
        level, anchor, heading, body = found.groups()
        title = title or text(heading)
        name = title if level == "1" else title + ": " + text(heading)
        link = page.name if level == "1" else page.name + "#" + anchor
        yield {"link": link, "title": name, "text": text(body)}


def leads(page, link):
    """Whether a link of a page leads to a file, and to an anchor there."""
    path, _, anchor = html.unescape(link).partition("#")
    target = page.parent / path if path else page
    if path.endswith("search-index.js"):
        return True  # written below
    return target.is_file() and (not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8"))


def main(folder):
    index = []
    for page in sorted(pathlib.Path(folder).glob("*.html")):
        source = page.read_text(encoding="utf-8")
        source = HEADING.sub(
            lambda found: f'<h{found[1]} id="{slug(text(re.sub("</?code>", "", found[2])))}">{found[2]}</h{found[1]}>', source
        )
        page.write_text(source, encoding="utf-8")
        index.extend(sections(page, MAIN.search(source)[1]))
    if len(index) < 50:
        sys.exit(f"finish.py: only {len(index)} sections found in {folder}: is the skin another one?")
    for page in pathlib.Path(folder).glob("*.html"):
        missing = [link for link in LOCAL.findall(page.read_text(encoding="utf-8")) if not leads(page, link)]
        if missing:
            sys.exit(f"finish.py: {page} links to what is missing: {missing}")
    script = "window.searchIndex = " + json.dumps(index, ensure_ascii=False) + ";\n"
    (pathlib.Path(folder) / "search-index.js").write_text(script, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
