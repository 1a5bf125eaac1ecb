"""Whether a mail is from whom it says, as far as our own mail server can tell (RFC 8601).

Invariant: only the outermost Authentication-Results header that bears the name of our own server is
believed.  Anybody can write such a header into a mail; ours is put on top when it arrives, so whatever
stands below it, or bears another name, says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

PASS, FAIL, NONE = "pass", "fail", "none"
MOST = 120_000  # characters of a header that are read: as many as all headers of a mail may have
_METHOD = re.compile(r"\s*dmarc\s*(?:/\s*[0-9]+\s*)?=\s*([A-Za-z]+)(?=\s|$)(.*)", re.I | re.S)
_FROM = re.compile(r"(?:^|\s)header\.from\s*=\s*([^\s;]+)", re.I)


def authentication(results: Sequence[str], server: str, sender: str) -> str:
    """What our own server found by DMARC: "pass", "fail", or "none" where it said nothing that can be used.

    results: the values of the headers, the outermost first.  server: its name (authserv-id); "" believes nobody.
    sender: the address of From: a pass that doesn't name its domain, or names another one, is no pass.
    """
    ours = server.strip().casefold()
    if not ours:
        return NONE
    for value in results:
        name, *clauses = list(_clauses(value[:MOST])) or [""]
        if _server_of(name) == ours:
            return _found(clauses, sender.rpartition("@")[2].lower())
    return NONE


def _server_of(clause: str) -> str:
    """The name before the first semicolon; a version may follow it."""
    words = clause.split()
    return words[0].strip('"').casefold() if words else ""


def _found(clauses: Sequence[str], domain: str) -> str:
    """One verdict of several: whatever speaks against the mail wins."""
    said = [found for found in map(_METHOD.match, clauses) if found]
    verdicts = {_verdict(found[1].casefold(), found[2], domain) for found in said}
    if FAIL in verdicts:
        return FAIL
    return PASS if verdicts == {PASS} else NONE


def _verdict(result: str, properties: str, domain: str) -> str:
    if result != PASS:
        return FAIL if result == FAIL else NONE
    named = {one[1].strip('"').rpartition("@")[2].lower() for one in _FROM.finditer(properties)}
    return PASS if domain and named == {domain} else NONE


def _clauses(value: str) -> Iterator[str]:
    """The parts between semicolons, without comments (which nest) and with quoted text kept together."""
    out: list[str] = []
    depth, quoted, skip = 0, False, False
    for char in value:
        if skip:
            skip = False
            if not depth:
                out.append(char)
        elif char == "\\" and (quoted or depth):
            skip = True
        elif quoted:
            quoted = char != '"'
            out.append(" " if char in ";=" else char)
        elif char == "(":
            depth += 1
        elif char == ")" and depth:
            depth -= 1
        elif depth:
            continue
        elif char == ";":
            yield "".join(out)
            out = []
        else:
            quoted = char == '"'
            out.append(char)
    yield "".join(out)
