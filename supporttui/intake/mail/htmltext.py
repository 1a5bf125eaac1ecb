"""HTML of a mail as plain text: one pass over it, bounded, and nothing in it is ever fetched or run.

Not `html.parser`: that one needs quadratic time for markup that is left open (Python 3.11: 40 kB of "<a " take it
14 s).  Here each sign is looked at once; what is no tag is text.
"""

from __future__ import annotations

import html
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 2_000_000  # characters of HTML that are read
MOST_OUT = 1_000_000
MOST_TAG = 20_000  # characters of one tag
MOST_QUOTES = 20
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]{0,30})")
_ATTRIBUTE = re.compile(
    r"([A-Za-z-]{1,30})\s{0,9}=\s{0,9}(?:\"([^\"]{0,4000})\"|'([^']{0,4000})'|([^\s\"'>]{1,2000}))"
)
_SIGN = re.compile("[\"'<>]")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|mso-hide\s{0,3}:\s{0,3}all", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\u200b\u200c\u034f\ufeff\u00ad]+")
_SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "iframe",
                      "select", "textarea"})  # fmt: skip
_VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "wbr", "embed", "source"}
)
_PARAGRAPH = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote", "dl"}
)
_LINE = frozenset({"div", "tr", "li", "br", "hr", "section", "article", "header", "footer", "dt", "dd", "address",
                   "center", "form", "fieldset", "caption", "figure", "figcaption"})  # fmt: skip


def text_of_html(markup: str) -> str:
    """The text that a person would read, quotes marked with ">", links behind their words."""
    page = _Page()
    at, source = 0, markup[:MOST]
    while at < len(source) and page.size < MOST_OUT:
        opens = source.find("<", at)
        if opens < 0:
            page.says(source[at:])
            break
        if opens > at:
            page.says(source[at:opens])
        at = page.tag(source, opens)
    return page.text()


class _Page:
    def __init__(self) -> None:
        self.size = 0
        self._lines: list[str] = []
        self._line: list[str] = []
        self._blank = True  # whether a blank would be the line's first
        self._skipping: list[str] = []
        self._quotes = 0
        self._pre = 0
        self._links: list[tuple[str, int]] = []
        self._without: set[str] = set()  # what doesn't occur any more, so that it is looked for once

    # -- reading ------------------------------------------------------------------------------------

    def tag(self, source: str, at: int) -> int:
        """Take what begins with "<" at a place; where to go on."""
        if source.startswith("<!--", at):
            return self._behind(source, "-->", at + 4)
        if source.startswith(("<!", "<?"), at):
            return self._behind(source, ">", at + 2)
        found = _TAG.match(source, at)
        if found is None:
            self.says("<")
            return at + 1
        end = _end_of_tag(source, found.end())
        if end < 0:
            self.says(source[at : found.end()])
            return found.end()
        name = found[1].lower()
        if source[at + 1] == "/":
            self._close(name)
            return end
        self._open(name, source[found.end() : end])
        if name in ("script", "style", "title", "textarea") and self._skipping[-1:] == [name]:
            return self._to(source, f"</{name}", end)
        return end

    def _behind(self, source: str, mark: str, at: int) -> int:
        found = self._find(source, mark, at)
        return len(source) if found < 0 else found + len(mark)

    def _to(self, source: str, mark: str, at: int) -> int:
        """Where a mark stands, in whatever case; the end when it doesn't."""
        for form in (mark, mark.upper()):
            found = self._find(source, form, at)
            if found >= 0:
                return found
        return len(source)

    def _find(self, source: str, mark: str, at: int) -> int:
        if mark in self._without:
            return -1
        found = source.find(mark, at)
        if found < 0:
            self._without.add(mark)
        return found

    # -- tags ---------------------------------------------------------------------------------------

    def _open(self, name: str, rest: str) -> None:
        if name == "body":
            self._skipping.clear()  # a head that nobody closed
        if self._skipping:
            if name not in _VOID and name == self._skipping[-1] and len(self._skipping) < 200:
                self._skipping.append(name)
            return
        given = _attributes(rest) if name in ("a", "img") or "style" in rest else {}
        if name in _SKIPPED or (name not in _VOID and _HIDDEN.search(given.get("style", ""))):
            self._skipping.append(name)
        elif name == "a":
            self._links.append((given.get("href", ""), len(self._line)))
        elif name == "img":
            self.says(f"[{given['alt'].strip()}]" if given.get("alt", "").strip() else "")
        elif name in ("td", "th"):
            self._add("  " if self._line else "")
        else:
            self._block(name)
            if name == "blockquote":
                self._quotes = min(MOST_QUOTES, self._quotes + 1)
            elif name == "pre":
                self._pre += 1
            elif name == "li":
                self._add("- ")
            elif name == "hr":
                self._add("-" * 20)
                self._break()

    def _close(self, name: str) -> None:
        if self._skipping:
            if name == self._skipping[-1]:
                self._skipping.pop()
            elif name in ("body", "html"):
                self._skipping.clear()
            return
        if name == "a":
            self._end_link()
            return
        if name != "br":
            self._block(name)
        if name == "blockquote":
            self._quotes = max(0, self._quotes - 1)
        elif name == "pre":
            self._pre = max(0, self._pre - 1)

    def _end_link(self) -> None:
        if not self._links:
            return
        target, begin = self._links.pop()
        words = "".join(self._line[begin:]).strip()
        target = html.unescape(target).strip()[:2_000]
        shown = target.removeprefix("mailto:").partition("?")[0] if target.startswith("mailto:") else target
        if target.startswith(("http://", "https://", "mailto:")) and shown.rstrip("/") not in (
            words,
            words.rstrip("/"),
        ):
            self._add(f" <{shown}>")

    def _block(self, name: str) -> None:
        if name == "br":
            self._break(always=True)
        elif name in _PARAGRAPH:
            self._break()
            if self._lines and self._lines[-1].strip("> "):
                self._lines.append("")
        elif name in _LINE:
            self._break()

    # -- writing ------------------------------------------------------------------------------------

    def says(self, words: str) -> None:
        """Take text; blanks run together unless it is set as it is."""
        if self._skipping or not words:
            return
        words = html.unescape(words) if "&" in words else words
        if self._pre:
            for place, line in enumerate(words.replace("\r\n", "\n").split("\n")):
                if place:
                    self._break(always=True)
                self._add(line)
            return
        words = _SPACE.sub(" ", words)
        self._add(words.lstrip(" ") if self._blank else words)

    def _add(self, words: str) -> None:
        if words:
            self._line.append(words)
            self.size += len(words)
            self._blank = words[-1] == " "

    def _break(self, *, always: bool = False) -> None:
        line = "".join(self._line).replace("\xa0", " ").rstrip()
        if line.strip() or always:
            self._lines.append((self._mark() + line).rstrip() if line.strip() else self._mark().rstrip())
            self.size += 1 + self._quotes
        self._line.clear()
        self._links = [(target, 0) for target, _begin in self._links[-20:]]
        self._blank = True

    def _mark(self) -> str:
        return ">" * self._quotes + " " if self._quotes else ""

    def text(self) -> str:
        """All of it; never more than one empty line in a row."""
        self._break()
        made: list[str] = []
        for at, line in enumerate(self._lines):
            if line.strip("> "):
                made.append(line)
            elif made and made[-1].strip("> "):
                made.append(_within(made[-1], self._lines[at + 1 : at + 2]))
        return "\n".join(made).strip("\n")[:MOST_OUT]


def _within(above: str, below: Sequence[str]) -> str:
    """An empty line between two: quoted as deep as both are."""
    depths = [len(one) - len(one.lstrip(">")) for one in (above, *below)]
    return ">" * min(depths)


def _end_of_tag(source: str, at: int) -> int:
    """Behind the ">" that ends a tag, quotes minded; -1 when nothing does within reason."""
    most = min(len(source), at + MOST_TAG)
    end = source.find(">", at, most)
    if end < 0:
        return -1
    place = at
    while (found := _SIGN.search(source, place, most)) is not None:
        sign, place = found[0], found.end()
        if sign == ">":
            return place
        if sign == "<":
            return -1  # a new tag begins: this was none
        if source[place - 2] in "= \t\r\n":
            closes = source.find(sign, place, most)
            if closes < 0:
                break
            place = closes + 1
    return end + 1  # a quote was left open


def _attributes(rest: str) -> dict[str, str]:
    return {
        found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(rest[:MOST_TAG])
    }
