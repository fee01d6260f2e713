"""What every page of the house must keep, found in its HTML. ``problems`` returns sentences; none means well."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from html5lib.constants import E as HTML5_SENTENCES
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from app.core.access import Access, access_of

LOADING = {
    "src",
    "href",
    "data",
    "poster",
    "srcset",
    "action",
    "formaction",
    "background",
    "cite",
    "ping",
    "manifest",
}
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
LINK_SCHEMES = {"http", "https", "tel", "mailto", ""}
PLAIN_HX = {
    "hx-get",
    "hx-post",
    "hx-target",
    "hx-trigger",
    "hx-swap",
    "hx-push-url",
    "hx-indicator",
    "hx-disabled-elt",
    "hx-sync",
    "hx-select",
    "hx-include",
    "hx-disable",
    "hx-replace-url",
    "hx-preserve",
    "hx-history",
}
PLACEHOLDERS = re.compile(r"%\([a-z_]+\)s|\{\{|\}\}|\{%")
BASE = "http://localhost"


@dataclass
class Inspected:
    """A parsed page or fragment and where it came from."""

    app: Flask
    url: str
    headers: dict[str, str]
    whole: bool
    root: Element
    errors: list[str]

    @property
    def elements(self) -> list[Element]:
        """All elements in document order."""
        return [e for e in self.root.iter() if not callable(e.tag)]  # comments have a function there

    def all(self, *tags: str) -> list[Element]:
        """Elements with one of ``tags``."""
        return [e for e in self.elements if e.tag in tags]


def words_of(element: Element) -> str:
    """The text a person reads, spaces joined."""
    return " ".join("".join(element.itertext()).split())


def parse(app: Flask, url: str, html: str, headers: dict[str, str], *, whole: bool) -> Inspected:
    """``html`` as a browser would read it, with every mistake of syntax."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html) if whole else parser.parseFragment(html, container=_container(html))
    errors = [
        f"line {at[0] or 0}: {HTML5_SENTENCES.get(code, code) % data}" for at, code, data in parser.errors
    ]
    return Inspected(app, url, headers, whole, root, errors)


def _container(html: str) -> str:
    """A fragment that begins with a row is only valid inside a table body."""
    first = re.match(r"\s*<(\w+)", html)
    return {"tr": "tbody", "td": "tr", "li": "ul", "option": "select"}.get(
        first.group(1) if first else "", "div"
    )


def problems(page: Inspected) -> list[str]:
    """Every broken rule, in words."""
    found = [f"not valid HTML: {words}" for words in page.errors]
    rules = [
        ids,
        labels,
        references,
        forms,
        hx_grammar,
        nothing_inline,
        nothing_foreign,
        pictures,
        placeholders,
    ]
    for rule in [*rules, *([heading_and_title, language, stylesheet] if page.whole else [])]:
        found += rule(page)
    return found


def heading_and_title(page: Inspected) -> Iterator[str]:
    """One h1; the title shares words with it."""
    headings = [words_of(h) for h in page.all("h1")]
    titles = [words_of(t) for t in page.all("head")[0].iter("title")]
    if len(headings) != 1 or not headings[0]:
        yield f"wants exactly one h1, has {headings}"
    elif len(titles) != 1 or not titles[0]:
        yield f"wants exactly one title, has {titles}"
    else:
        own = set(re.findall(r"\w+", titles[0].rsplit(" - ", 1)[0].casefold()))
        if not own & set(re.findall(r"\w+", headings[0].casefold())):
            yield f"the title {titles[0]!r} says nothing of the heading {headings[0]!r}"


def language(page: Inspected) -> Iterator[str]:
    """lang is one of ours."""
    code = page.all("html")[0].get("lang")
    if code not in {"id", "su", "en"}:
        yield f"<html lang={code!r}>"


def ids(page: Inspected) -> Iterator[str]:
    """No id twice."""
    counts = Counter(e.get("id") for e in page.elements if e.get("id") is not None)
    for name, count in counts.items():
        if count > 1 or not name or re.search(r"\s", name):
            yield f"id {name!r} occurs {count} times or is no word"


def labels(page: Inspected) -> Iterator[str]:
    """Every control has a name that is read aloud."""
    named = {e.get("for") for e in page.all("label") if words_of(e)}
    wrapped = {control for label in page.all("label") if words_of(label) for control in label.iter()}
    for control in page.all("input", "select", "textarea"):
        if control.tag == "input" and control.get("type", "text") in UNLABELLED:
            continue
        if control.get("aria-label") or control.get("aria-labelledby"):
            continue
        if control.get("id") not in named - {None} and control not in wrapped:
            yield f"<{control.tag} name={control.get('name')!r}> has no label"
    for control in page.all("button", "a", "summary"):
        if control.tag == "a" and "href" not in control.attrib:
            continue
        if not words_of(control) and not control.get("aria-label"):
            yield f"<{control.tag}> without words: {dict(control.attrib)}"


def references(page: Inspected) -> Iterator[str]:
    """Attributes that name an id name one that is there (a fragment may name ids of its page)."""
    if not page.whole:
        return
    known = {e.get("id") for e in page.elements}
    for element in page.elements:
        for attribute in (
            "for",
            "aria-describedby",
            "aria-labelledby",
            "aria-controls",
            "aria-owns",
            "list",
            "form",
        ):
            for name in (element.get(attribute) or "").split():
                if name not in known:
                    yield f"{attribute}={name!r} of <{element.tag}> points to nothing"
        target = element.get("href") or ""
        if element.tag == "a" and target.startswith("#") and len(target) > 1 and target[1:] not in known:
            yield f"the link {target} points to nothing"


def _path(page: Inspected, address: str) -> str:
    return urlsplit(urljoin(BASE + page.url, address)).path


def endpoint_of(app: Flask, path: str, method: str) -> str | None:
    """The endpoint that answers ``method`` ``path``, or None."""
    try:
        return str(app.url_map.bind("localhost").match(path, method=method)[0])
    except (NotFound, MethodNotAllowed):
        return None
    except RequestRedirect:
        return None


def forms(page: Inspected) -> Iterator[str]:
    """Every form leads to one of our own addresses; forms of guarded deeds carry the token."""
    buttons = [(b, f) for f in page.all("form") for b in f.iter() if b.get("formaction") is not None]
    targets = [(f, f.get("action", "") or page.url, f.get("method", "get").lower()) for f in page.all("form")]
    targets += [
        (f, b.get("formaction", ""), str(b.get("formmethod") or f.get("method", "get")).lower())
        for b, f in buttons
    ]
    for form, action, method in targets:
        endpoint = endpoint_of(page.app, _path(page, action), method.upper())
        if endpoint is None:
            yield f"<form method={method} action={action!r}> leads to no address of ours"
        elif method == "post" and access_of(page.app, endpoint) is not Access.PUBLIC and not _has_token(form):
            yield f"<form method=post action={action!r}> carries no token"


def _has_token(form: Element) -> bool:
    return any(i.get("name") == "csrf_token" and i.get("value") for i in form.iter("input"))


def hx_grammar(page: Inspected) -> Iterator[str]:
    """hx-get on <a href=same> or <form method=get action=same>; hx-post on <form method=post action=same> or in it."""
    parents = {child: parent for parent in page.root.iter() for child in parent}
    known = {e.get("id") for e in page.elements}
    for element in page.elements:
        marks = {
            name: value for name, value in element.attrib.items() if str(name).startswith(("hx-", "data-hx-"))
        }
        for name, value in marks.items():
            if name not in PLAIN_HX:
                yield f"{name} is not used in this house"
            if name == "hx-trigger" and ("[" in value or "js:" in value):
                yield f"hx-trigger={value!r} holds a script"
        if "hx-get" in marks and not _get_twin(element, marks["hx-get"]):
            yield f"<{element.tag} hx-get={marks['hx-get']!r}> has no plain twin"
        if "hx-post" in marks and not _post_twin(element, marks["hx-post"], parents):
            yield f"<{element.tag} hx-post={marks['hx-post']!r}> has no plain twin"
        target = marks.get("hx-target", "")
        if page.whole and target.startswith("#") and target[1:] not in known:
            yield f"hx-target={target!r} points to nothing"


def _get_twin(element: Element, address: str) -> bool:
    if element.tag == "a":
        return element.get("href") == address
    return (
        element.tag == "form"
        and element.get("method", "get").lower() == "get"
        and element.get("action") == address
    )


def _post_twin(element: Element, address: str, parents: dict[Element, Element]) -> bool:
    holder: Element | None = element
    while holder is not None and holder.tag != "form":
        if holder.tag == "button" and holder.get("formaction") == address:
            return True
        holder = parents.get(holder)
    return (
        holder is not None and holder.get("method", "").lower() == "post" and holder.get("action") == address
    )


def nothing_inline(page: Inspected) -> Iterator[str]:
    """No style=, no on...=, no script text: the security policy would stop it anyway."""
    for element in page.elements:
        for name in element.attrib:
            if name == "style" or str(name).startswith("on"):
                yield f"<{element.tag} {name}=...>"
    for script in page.all("script"):
        if not script.get("src") or words_of(script):
            yield "a script without src or with text"
        if script.get("src") and "defer" not in script.attrib and script.get("type") != "module":
            yield f"<script src={script.get('src')!r}> blocks reading: wants defer"


def stylesheet(page: Inspected) -> Iterator[str]:
    """One style element, whose hash the policy names."""
    styles = page.all("style")
    if len(styles) != 1:
        yield f"wants one <style>, has {len(styles)}"
        return
    digest = hashlib.sha256("".join(styles[0].itertext()).encode()).digest()
    if f"'sha256-{base64.b64encode(digest).decode()}'" not in page.headers.get("Content-Security-Policy", ""):
        yield "the hash of the stylesheet is not in Content-Security-Policy"


def nothing_foreign(page: Inspected) -> Iterator[str]:
    """Nothing is loaded from elsewhere; links are addresses, never scripts."""
    for element in page.elements:
        for name, value in element.attrib.items():
            if name not in LOADING:
                continue
            parts = urlsplit(value.strip())
            if element.tag == "a" and name == "href":
                if parts.scheme not in LINK_SCHEMES:
                    yield f"a link to {value!r}"
            elif parts.netloc or parts.scheme not in {"", "data"}:
                yield f"<{element.tag} {name}={value!r}> comes from elsewhere"


def pictures(page: Inspected) -> Iterator[str]:
    """Every picture says what it shows, or that it shows nothing; its place is kept while it loads."""
    for picture in page.all("img"):
        if "alt" not in picture.attrib:
            yield f"<img src={picture.get('src')!r}> without alt"
        if not (picture.get("width") and picture.get("height")):
            yield f"<img src={picture.get('src')!r}> without width and height"


def placeholders(page: Inspected) -> Iterator[str]:
    """No sentence with a hole in it."""
    for element in page.elements:
        if element.tag in {"style", "script", "pre", "code", "textarea"}:
            continue
        for words in (element.text or "", element.tail or ""):
            if PLACEHOLDERS.search(words):
                yield f"an unfilled place in {words.strip()[:80]!r}"
