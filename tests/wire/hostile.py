"""Texts that a stranger may put in any field, and what they would do to a careless program.

`PAYLOADS` maps a name to a text.  Each is pushed through every screen and
every command; `CANARY` stands in many of them, so that a test can find out
where they surfaced.
"""

from __future__ import annotations

ESC = "\x1b"
BEL = "\a"
ST = ESC + "\\"
CANARY = "kanarie"

_CONTROL_SEQUENCES = {
    "csi-red": f"{ESC}[031m{CANARY}{ESC}[00m",
    "csi-clear-screen": f"{ESC}[02J{ESC}[01;01H{CANARY}",
    "csi-cursor-report": f"{CANARY}{ESC}[6n",
    "csi-status-report": f"{CANARY}{ESC}[5n",
    "csi-device-attributes": f"{ESC}[c{ESC}[>c{ESC}[=c{CANARY}",
    "csi-window-report": f"{ESC}[21t{ESC}[18t{CANARY}",
    "csi-resize-window": f"{ESC}[8;1;1t{CANARY}",
    "csi-minimise": f"{ESC}[2t{CANARY}",
    "csi-alt-screen-off": f"{ESC}[?01049l{CANARY}",
    "csi-mouse-on": f"{ESC}[?01003h{ESC}[?01006h{CANARY}",
    "csi-bracketed-paste-off": f"{ESC}[?02004l{CANARY}",
    "csi-scroll-region": f"{ESC}[1;2r{CANARY}",
    "csi-soft-reset": f"{ESC}[!p{CANARY}",
    "csi-kitty-keys": f"{ESC}[>031u{CANARY}",
    "csi-insert-mode": f"{ESC}[4h{CANARY}",
    "csi-print-to-printer": f"{ESC}[5i{CANARY}{ESC}[4i",
    "csi-repeat": f"{CANARY}{ESC}[999999b",
    "csi-unfinished": f"{CANARY}{ESC}[",
    "esc-alone-at-end": f"{CANARY}{ESC}",
    "esc-full-reset": f"{ESC}c{CANARY}",
    "esc-charset-graphics": f"{ESC}(0{CANARY}",
    "esc-8-bit-controls": f"{ESC} G{CANARY}",
    "esc-screen-title": f"{ESC}k{CANARY}{ST}",
}

_STRING_SEQUENCES = {
    "osc-title": f"{ESC}]0;{CANARY}{BEL}",
    "osc-title-st": f"{ESC}]2;{CANARY}{ST}",
    "osc-title-unfinished": f"{ESC}]2;{CANARY}",
    "osc-clipboard-write": f"{ESC}]52;c;cm0gLXJmIH4K{BEL}{CANARY}",
    "osc-clipboard-read": f"{ESC}]52;c;?{BEL}{CANARY}",
    "osc-link": f"{ESC}]8;;https://evil.example/{CANARY}{ST}invoice{ESC}]8;;{ST}",
    "osc-notice": f"{ESC}]9;{CANARY}{BEL}",
    "osc-notify": f"{ESC}]777;notify;{CANARY};x{BEL}",
    "osc-colour-query": f"{ESC}]11;?{BEL}{CANARY}",
    "osc-palette": f"{ESC}]4;1;#000000{BEL}{CANARY}",
    "osc-file-transfer": f"{ESC}]1337;File=name=eA==;inline=1:AAAA{BEL}{CANARY}",
    "osc-working-folder": f"{ESC}]7;file://evil/{CANARY}{BEL}",
    "dcs-request": f'{ESC}P$q"p{ST}{CANARY}',
    "dcs-tmux-passthrough": f"{ESC}Ptmux;{ESC}{ESC}]52;c;QQ=={BEL}{ST}{CANARY}",
    "dcs-sixel": f"{ESC}Pq#0;2;0;0;0~~{ST}{CANARY}",
    "apc-kitty-graphics": f"{ESC}_Ga=T,f=24;AAAA{ST}{CANARY}",
    "pm-privacy": f"{ESC}^{CANARY}{ST}",
    "sos-string": f"{ESC}X{CANARY}{ST}",
    "osc-own-title-breakout": f"x{BEL}{ESC}]52;c;QQ=={BEL}{CANARY}",
    "st-alone": f"{CANARY}{ST}{ESC}]2;{CANARY}{BEL}",
}

_SINGLE_CONTROLS = {
    "c1-csi": f"\x9b31m{CANARY}\x9b0m",
    "c1-osc": f"\x9d52;c;QQ==\x9c{CANARY}",
    "c1-dcs": f"\x90$q\x9c{CANARY}",
    "c1-nel": f"{CANARY}\x85second",
    "c1-single-shift": f"\x8e{CANARY}\x8f",
    "c0-all": "".join(map(chr, range(0x20))) + CANARY,
    "c1-all": "".join(map(chr, range(0x80, 0xA0))) + CANARY,
    "nul": f"{CANARY}\x00hidden",
    "bell-run": f"{BEL * 20}{CANARY}",
    "backspace-overwrite": f"evil{chr(8) * 4}{CANARY}",
    "carriage-return": f"Severity 4\r{CANARY}",
    "delete-run": f"{CANARY}\x7f\x7f",
    "shift-out": f"\x0e{CANARY}\x0f",
    "form-feed": f"{CANARY}\x0cpage",
    "vertical-tab": f"{CANARY}\x0bline",
    "substitute": f"{CANARY}\x1a\x19\x04",
    "xoff": f"{CANARY}\x13\x11",
    "utf8-with-c1-byte": f"\u06db\u071d{CANARY}",  # in 8-bit terminals the byte 9B or 9D
}

_UNICODE = {
    "bidi-override": f"gpj.{CANARY}\u202eexe.",
    "bidi-isolates": f"\u2066\u2067\u2068{CANARY}\u2069\u2069",
    "bidi-embedding": f"\u202a\u202b\u202d{CANARY}\u202c\u200e\u200f\u061c",
    "tag-characters": CANARY + "".join(chr(0xE0000 + ord(char)) for char in "ignore all rules"),
    "zero-width": f"ka\u200bna\u200cri\u2060e\ufeff{CANARY}",
    "soft-hyphens": f"k\u00ada\u00adn{CANARY}",
    "word-joiner-flood": "\u2060" * 300 + CANARY,
    "combining-flood": CANARY + "\u0301" * 500,
    "combining-first": "\u0336\u0337" + CANARY,
    "combining-many-bases": "".join(char + "\u030d\u0310\u0489" * 6 for char in CANARY),
    "hangul-joining-flood": "\u1100" + "\u1161" * 400 + CANARY,
    "hangul-filler": "\u3164\u115f\u1160\uffa0" + CANARY,
    "zwj-chain": "\u200d".join("👨" * 60) + CANARY,
    "zwj-in-words": f"NE\u200dTEX {CANARY}",
    "emoji-family": f"👨\u200d👩\u200d👧\u200d👦 ❤\ufe0f\u200d🔥 🏴\U000e0067\U000e0062\U000e007f 🇩🇪 {CANARY}",
    "variation-flood": "⚠" + "\ufe0f" * 200 + CANARY,
    "wide-characters": "件名が長い場合の表示幅を確認する" * 6 + CANARY,
    "half-and-full-width": "ﾊﾝｶｸＦＵＬＬ" * 8 + CANARY,
    "right-to-left": f"שלום עולם مرحبا بالعالم {CANARY}",
    "line-separators": f"{CANARY}\u2028second\u2029third",
    "lone-surrogates": f"\ud800{CANARY}\udc9b\udfff",
    "private-use": f"\ue0b0\uf8ff\U0010fffd{CANARY}",
    "noncharacters": f"\ufffe\uffff\U0001ffff\ufdd0{CANARY}",
    "interlinear": f"\ufff9{CANARY}\ufffa\ufffb",
    "musical-format": f"\U0001d173{CANARY}\U0001d17a",
    "ideographic-space": f"{CANARY}\u3000\u00a0\u2003x",
    "homoglyphs": f"Аcme Соrр {CANARY}",
}

_MARKUP = {
    "markup-action": f"[@click=app.quit]{CANARY}[/]",
    "markup-action-quoted": f'[@click="app.bell"]{CANARY}[/]',
    "markup-unclosed": f"[/oops] {CANARY}",
    "markup-wrong-close": f"[red]{CANARY}[/blue]",
    "markup-link": f"[link=https://evil.example]{CANARY}[/link]",
    "markup-style": f"[bold on red blink]{CANARY}",
    "markup-variable": f"[$error on $nothing]{CANARY}[/]",
    "markup-escape": f"\\[red]{CANARY}\\",
    "markup-brackets": f"[[[[ {CANARY} ]]]]",
    "markup-emoji": f":skull: {CANARY} :warning:",
    "css-like": f"{{ color: red }} {CANARY} ; }}",
    "format-string": f"{{0}} {{self.app}} %s %n %(x)s ${{HOME}} {CANARY}",
    "template": f"{{{{7*7}}}} <%= 1 %> {CANARY}",
    "html": f"<script>alert(1)</script><b>{CANARY}</b>&nbsp;",
    "markdown-link": f"[{CANARY}](javascript:alert(1)) ![x](file:///etc/passwd)",
}

_SHAPES = {
    "newlines": f"{CANARY}\nSubject: forged\r\nBcc: a@b.example\n\n",
    "tabs": f"{CANARY}\tsecond\tthird",
    "formula-equals": f"=cmd|' /C calc'!A0 {CANARY}",
    "formula-plus": f"+1+1 {CANARY}",
    "formula-minus": f"-1+cmd {CANARY}",
    "formula-at": f"@SUM(1) {CANARY}",
    "formula-tab": f"\t=1+1 {CANARY}",
    "quotes": f'"\'`" ,;| {CANARY}',
    "json-breaker": f'"}}]}} {CANARY} \\u001b \\x1b \\',
    "sql": f"'; DROP TABLE ticket; -- {CANARY}",
    "option-like": f"--help {CANARY}",
    "path-like": f"../../../../etc/passwd {CANARY}",
    "spaces-only-then": " " * 400 + CANARY,
    "long-line": CANARY + "x" * 20_000,
    "long-word-wide": CANARY + "漢" * 5_000,
    "many-lines": "\n".join(f"{CANARY} {number}" for number in range(3_000)),
    "number-huge": "9" * 400 + CANARY,
    "only-escape": ESC * 50 + CANARY,
}

PAYLOADS: dict[str, str] = {
    **_CONTROL_SEQUENCES,
    **_STRING_SEQUENCES,
    **_SINGLE_CONTROLS,
    **_UNICODE,
    **_MARKUP,
    **_SHAPES,
}

# For stores and command lines, which can carry neither a lone surrogate nor, in arguments, a NUL.
STORABLE: dict[str, str] = {
    name: text for name, text in PAYLOADS.items() if not any("\ud800" <= char <= "\udfff" for char in text)
}


def cocktail(limit: int = 4_000) -> str:
    """Many short payloads in one text of at most `limit` characters: a screen shows them all at once."""
    short = [text for text in STORABLE.values() if len(text) < 120 and "\x00" not in text]
    return " ".join(short)[:limit]
