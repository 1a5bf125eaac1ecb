"""What of a mail its sender wrote, and what is quoted from mails before it.

Read line by line, in linear time, by the shapes that mailers give their quotes; no pattern here can
backtrack.  Where it can't be told, nothing is taken away: an answer within a quote stays with it.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES = 20_000
_LONGEST = 300  # characters of a line that are looked at
# How mailers end the line above a quote: "On Monday X wrote:", in the languages that they speak.
_WROTE = (
    "wrote:", "writes:", "schrieb:", "geschrieben:", "écrit :", "écrit:", "escribió:", "escreveu:", "ha scritto:",
    "scritto:", "schreef:", "schreef op", "skrev:", "kirjoitti:", "napisał:", "napisał(a):", "пишет:", "написал:",
    "napsal:", "napsal(a):", "írta:", "yazdı:", "写道：", "写道:", "のメール:", "さんは書きました:",
)  # fmt: skip
_WROTE_WITHIN = (
    " schrieb ",
    " schreef ",
    " skrev ",
    " kirjoitti ",
    " hat geschrieben",
    " escribió ",
    " escreveu ",
)
_SEPARATORS = (
    "original message", "ursprüngliche nachricht", "originalnachricht", "message d'origine", "message original",
    "mensaje original", "mensagem original", "messaggio originale", "oorspronkelijk bericht",
    "ursprungligt meddelande", "original meddelelse", "oprindelig meddelelse", "opprinnelig melding",
    "alkuperäinen viesti", "wiadomość oryginalna", "исходное сообщение", "reply above this line",
)  # fmt: skip
_FROM = frozenset(
    {"from", "von", "de", "da", "van", "från", "fra", "od", "lähettäjä", "от", "kimden", "发件人", "差出人"}
)
_NEXT = frozenset({
    "sent", "date", "to", "subject", "cc", "gesendet", "an", "betreff", "datum", "envoyé", "à", "objet", "enviado",
    "enviado el", "para", "asunto", "assunto", "data", "inviato", "a", "oggetto", "verzonden", "aan", "onderwerp",
    "skickat", "till", "ämne", "sendt", "til", "emne", "reply-to", "wysłano", "do", "temat", "отправлено", "кому",
    "тема", "发送时间", "收件人", "主题", "送信日時", "宛先", "件名",
})  # fmt: skip
_DASHES = re.compile(r"[-_=* \t>]{3,300}")


def written(text: str) -> str:
    """The text without what it quotes; all of it when nothing else would be left, as of a forwarded mail."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return text
    low = [line.strip()[:_LONGEST].lower() for line in lines]
    end = _cut(low)
    kept = _without_block(lines[:end], low[:end])
    while kept and not kept[-1].strip():
        kept.pop()
    found = "\n".join(kept).strip("\n")
    return found if found.strip() else text


def _cut(low: Sequence[str]) -> int:
    """The line from which on everything is an older mail; their number when there is none."""
    for at, line in enumerate(low):
        if line and (_is_separator(line) or _is_outlook(low, at)):
            return at - 1 if at and low[at - 1] and _DASHES.fullmatch(low[at - 1]) else at
    return len(low)


def _is_separator(line: str) -> bool:
    """-----Original Message----- and its like."""
    if line[0] not in "-_*=#>":
        return False
    words = line.strip("-_*=#> \t:")
    return (
        words in _SEPARATORS
        and line.endswith(("-", "_", "*", "=", "#", ":"))
        and line[:2] in ("--", "__", "**", "==", "##", "- ")
    )


def _is_outlook(low: Sequence[str], at: int) -> bool:
    """A block of From:, Sent:, To:, Subject: that Outlook puts above what it quotes."""
    if _label(low[at]) not in _FROM:
        return False
    after = [one for one in low[at + 1 : at + 8] if one][:4]
    return sum(_label(one) in _NEXT for one in after) >= 2


def _label(line: str) -> str:
    """What stands before the colon, without the stars of bold type."""
    label, colon, _rest = line[:40].strip("* \t").replace("：", ":").partition(":")
    return label.strip("* \t\xa0") if colon else ""


def _without_block(lines: Sequence[str], low: Sequence[str]) -> list[str]:
    """Without the one quoted block and the line above it; with several, the answers between them need theirs."""
    blocks = _blocks(low)
    if len(blocks) != 1:
        wrote = _wrote_to_the_end(low) if not blocks else -1
        return list(lines[:wrote] if wrote >= 0 else lines)
    begin, end = blocks[0]
    return [*lines[: _attribution(low, begin)], *lines[end:]]


def _blocks(low: Sequence[str]) -> list[tuple[int, int]]:
    """Runs of quoted lines; blank lines within one, and at most two wrapped remains, don't end it."""
    found: list[tuple[int, int]] = []
    for at, line in enumerate(low):
        if not line.startswith(">"):
            continue
        if found and not any(low[found[-1][1] : at]):
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def _attribution(low: Sequence[str], begin: int) -> int:
    """Where the line "On … wrote:" above a quote begins, which may be broken over three; else where the quote does."""
    at = begin - 1
    while at >= 0 and not low[at]:
        at -= 1
    if at < 0 or not _wrote(low[at]):
        return begin
    for back in range(3):
        if at - back < 0 or not low[at - back]:
            return at - back + 1
        if _opens(low[at - back]):
            return at - back
    return at


def _wrote(line: str) -> bool:
    """Whether a line ends as the one above a quote does."""
    return line.endswith(_WROTE) or (line.endswith(":") and any(words in line for words in _WROTE_WITHIN))


def _opens(line: str) -> bool:
    return line.startswith(
        ("on ", "am ", "le ", "el ", "em ", "il ", "op ", "den ", "dne ", "w dniu ", "в ", "at ")
    )


def _wrote_to_the_end(low: Sequence[str]) -> int:
    """A line "On … wrote:" that is followed by an unmarked quote; -1 for none."""
    for at, line in enumerate(low):
        if at and _wrote(line) and any(low[at + 1 :]):
            begin = _attribution(low, at + 1)
            if _opens(low[begin]) and any(sign.isdigit() for sign in low[begin]):
                return begin
    return -1
