"""What eyes make of colours: contrast, colour blindness, and how far two colours are apart.

Sources: WCAG 2.1 (relative luminance, contrast ratio); Machado, Oliveira and
Fernandes 2009 (colour vision deficiency, severity 1.0, applied in linear RGB);
CIEDE2000 (Sharma, Wu and Dalal 2005) for the distance.  Terminals' palettes as
their programs ship them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

RGB = tuple[int, int, int]

VISIONS: dict[str, tuple[tuple[float, ...], ...]] = {
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "greyscale": ((0.2126, 0.7152, 0.0722),) * 3,
}

# Foreground, background, then the sixteen colours in their order.
PALETTES: dict[str, tuple[str, str, str]] = {
    "xterm": (
        "e5e5e5",
        "000000",
        "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5"
        " 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    ),
    "linux": (
        "aaaaaa",
        "000000",
        "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa"
        " 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    ),
    "solarized-dark": (
        "839496",
        "002b36",
        "073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5"
        " 002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3",
    ),
    "xterm-light": (
        "000000",
        "ffffff",
        "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5"
        " 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    ),
    "solarized-light": (
        "657b83",
        "fdf6e3",
        "073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5"
        " 002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3",
    ),
}
DARK_PALETTES = ("xterm", "linux", "solarized-dark")
LIGHT_PALETTES = ("xterm-light", "solarized-light")


def rgb(text: str) -> RGB:
    """From "ff0000" or "#ff0000"."""
    text = text.lstrip("#")
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def linear(colour: RGB) -> tuple[float, ...]:
    return tuple(
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour
    )


def _gamma(part: float) -> int:
    part = min(1.0, max(0.0, part))
    return round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


def luminance(colour: RGB) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    """1 for the same brightness, 21 for black and white."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def seen(colour: RGB, vision: str) -> RGB:
    """The colour as these eyes see it; "" for all cones."""
    if not vision:
        return colour
    parts = linear(colour)
    red, green, blue = (
        _gamma(sum(weight * part for weight, part in zip(row, parts, strict=True))) for row in VISIONS[vision]
    )
    return red, green, blue


def lab(colour: RGB) -> tuple[float, float, float]:
    """CIE L*a*b* for D65."""
    red, green, blue = linear(colour)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: RGB, other: RGB) -> float:
    """ΔE by CIEDE2000; about 2 is just noticeable side by side."""
    return ciede2000(lab(one), lab(other))


def ciede2000(one: Sequence[float], other: Sequence[float]) -> float:
    """The distance of two colours in L*a*b*."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = _hue(b1, a1), _hue(b2, a2)
    turn = h2 - h1
    if c1 * c2 == 0:
        turn = 0.0
    elif turn > 180:
        turn -= 360
    elif turn < -180:
        turn += 360
    dl, dc, dh = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    if c1 * c2 == 0:
        hm = h1 + h2
    elif abs(h1 - h2) <= 180:
        hm = (h1 + h2) / 2
    else:
        hm = (h1 + h2 + 360) / 2 if h1 + h2 < 360 else (h1 + h2 - 360) / 2
    t = (
        1
        - 0.17 * cos(radians(hm - 30))
        + 0.24 * cos(radians(2 * hm))
        + 0.32 * cos(radians(3 * hm + 6))
        - 0.20 * cos(radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rotation = -2 * sqrt(cm**7 / (cm**7 + 25**7)) * sin(radians(60 * exp(-(((hm - 275) / 25) ** 2))))
    parts = dl / sl, dc / sc, dh / sh
    return sqrt(sum(part * part for part in parts) + rotation * parts[1] * parts[2])


def _hue(b: float, a: float) -> float:
    return degrees(atan2(b, a)) % 360
