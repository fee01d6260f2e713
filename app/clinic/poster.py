"""Posters of the clinic's coming week: one drawing of rectangles and lines of text, given out as SVG and as PNG.

The font is the one that comes inside Pillow (Aileron, public domain), so nothing has to be installed. It knows plain
Latin letters only; other characters are written without their marks. An SVG is shown with whatever font is there: each
line carries the width it has in the drawing, so that nothing runs over an edge.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import segno

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

WIDTH: Final = 1080
SQUARE: Final = 1080
UPRIGHT: Final = 1920
_EDGE: Final = 72
_LEADING: Final = 1.35

# app/static/css/10-tokens.css
_PAPER: Final = "#fbf4e3"
_CARD: Final = "#fffdf6"
_INK: Final = "#1b2a27"
_SOFT: Final = "#42504c"
_BRAND: Final = "#0a4b43"
_TINT: Final = "#f3c76b"
_WHITE: Final = "#ffffff"


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; ``x, y`` is where its baseline begins."""

    x: float
    y: float
    text: str
    size: int
    fill: str
    bold: bool = False

    @property
    def width(self) -> float:
        """How wide it is drawn."""
        return width_of(self.text, self.size)


@dataclass(frozen=True)
class Drawing:
    """Everything on a poster, from back to front. ``title`` and ``description`` are read aloud."""

    height: int
    title: str
    description: str
    shapes: list[Rectangle | Line] = field(default_factory=list)


@dataclass(frozen=True)
class PosterDay:
    """A day of the week: its name, what is open (service, hours), or why nothing is."""

    name: str
    open: tuple[tuple[str, str], ...]
    closed: str = ""


@dataclass(frozen=True)
class PosterText:
    """The words of a poster; nothing here is looked up."""

    title: str
    lead: str
    week: str
    days: Sequence[PosterDay]
    how: str
    address: str
    link: str
    office: str


def plain(text: str) -> str:
    """``text`` in the letters that the font knows."""
    dashes = str.maketrans(
        {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "\N{NO-BREAK SPACE}": " "}
    )
    parted = unicodedata.normalize("NFKD", text.translate(dashes))
    return parted.encode("ascii", "ignore").decode()


@lru_cache(maxsize=64)
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont  # 5 MB, and posters are rare

    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):  # Pillow built without FreeType
        raise TypeError("posters need Pillow with FreeType")
    return font


def width_of(text: str, size: int) -> float:
    """How wide ``text`` is in this size."""
    return float(_font(size).getlength(text))


def fitting(text: str, size: int, room: float) -> int:
    """The largest size up to ``size`` in which ``text`` fits."""
    while size > 14 and width_of(text, size) > room:
        size -= 1
    return size


def wrapped(text: str, size: int, room: float) -> list[str]:
    """``text`` in lines that fit; a word that is too long stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def lines_fitting(text: str, size: int, room: float, most: int) -> tuple[int, list[str]]:
    """The largest size up to ``size`` in which ``text`` takes at most ``most`` lines, and these lines."""
    while size > 14:
        lines = wrapped(text, size, room)
        if len(lines) <= most and all(width_of(line, size) <= room for line in lines):
            break
        size -= 1
    return size, wrapped(text, size, room)[:most]


def _lines_within(text: str, size: int, room: float, height: float) -> tuple[int, list[str]]:
    """As ``lines_fitting``, for as many lines as there is height."""
    while size > 14:
        lines = wrapped(text, size, room)
        if len(lines) * size * _LEADING <= height and all(width_of(line, size) <= room for line in lines):
            return size, lines
        size -= 1
    return size, wrapped(text, size, room)[: int(height / (size * _LEADING))]


# --- the drawing --------------------------------------------------------------------------------------------------


def draw(text: PosterText, *, upright: bool) -> Drawing:
    """A poster: square, or as tall as a phone."""
    height = UPRIGHT if upright else SQUARE
    days = " ".join(f"{day.name}: {_spoken(day)}." for day in text.days)
    drawing = Drawing(height, plain(text.title), plain(f"{text.lead} {text.week}. {days} {text.address}"))
    head = 430 if upright else 294
    foot = 430 if upright else 226
    _head(drawing, text, head, upright)
    _days(drawing, text.days, head + 30, height - foot - 30)
    _foot(drawing, text, height - foot, foot)
    return drawing


def _spoken(day: PosterDay) -> str:
    return ", ".join(f"{service} {hours}" for service, hours in day.open) or day.closed


def _head(drawing: Drawing, text: PosterText, height: int, upright: bool) -> None:
    add = drawing.shapes.append
    add(Rectangle(0, 0, WIDTH, drawing.height, _PAPER))
    add(Rectangle(0, 0, WIDTH, height, _BRAND))
    add(Rectangle(0, height - 12, WIDTH, 12, _TINT))
    room = WIDTH - 2 * _EDGE
    title = plain(text.title)
    y = 160.0 if upright else 100.0
    add(Line(_EDGE, y, title, fitting(title, 118 if upright else 84, room), _WHITE, bold=True))
    y += 20 if upright else 8
    size, lines = lines_fitting(plain(text.lead), 44 if upright else 32, room, 2)
    for line in lines:
        y += size * 1.35
        add(Line(_EDGE, y, line, size, _WHITE))
    week = plain(text.week)
    add(Line(_EDGE, height - 40, week, fitting(week, 46 if upright else 36, room), _TINT, bold=True))


def _days(drawing: Drawing, days: Sequence[PosterDay], top: int, bottom: int) -> None:
    """A card a day, as high as there is room."""
    if not days:
        return
    gap = 14
    height = min((bottom - top - gap * (len(days) - 1)) / len(days), 190)
    for number, day in enumerate(days):
        _day(drawing, day, top + number * (height + gap), height)


def _day(drawing: Drawing, day: PosterDay, top: float, height: float) -> None:
    add = drawing.shapes.append
    add(Rectangle(_EDGE, top, WIDTH - 2 * _EDGE, height, _CARD, radius=16))
    add(Rectangle(_EDGE, top, 12, height, _TINT if day.open else _SOFT))
    size = 40 if height > 120 else 32
    middle = top + height / 2
    name = plain(day.name)
    add(Line(_EDGE + 40, middle + size * 0.36, name, fitting(name, size, 300), _INK, bold=True))
    left, room = _EDGE + 370, WIDTH - 2 * _EDGE - 400
    if day.open:
        said = [plain(f"{service} {hours}") for service, hours in day.open]
        sizes = [fitting(line, size - 4, room) for line in said]
    else:
        lesser, said = lines_fitting(plain(day.closed), size - 4, room, 2)
        sizes = [lesser] * len(said)
    step = min(size * 1.5, height / (len(said) + 0.4))
    first = middle - step * (len(said) - 1) / 2 + size * 0.33
    for number, line in enumerate(said):
        add(Line(left, first + number * step, line, sizes[number], _BRAND if day.open else _SOFT))


def _foot(drawing: Drawing, text: PosterText, top: int, height: int) -> None:
    add = drawing.shapes.append
    add(Rectangle(0, top, WIDTH, height, _CARD))
    add(Rectangle(0, top, WIDTH, 6, _BRAND))
    side = height - 56
    _qr(drawing, text.link, WIDTH - _EDGE - side, top + 34, side)
    room = WIDTH - 2 * _EDGE - side - 40
    tall = height > 300
    big, lines = lines_fitting(plain(text.how), 44 if tall else 32, room, 2 if tall else 1)
    y = top + 40.0
    for line in lines:
        y += big * 1.25
        add(Line(_EDGE, y, line, big, _INK, bold=True))
    address = plain(text.address)
    size = fitting(address, 44 if tall else 32, room)
    y += size * 1.35
    add(Line(_EDGE, y, address, size, _BRAND, bold=True))
    y += 14
    small, lines = _lines_within(plain(text.office), 30 if tall else 22, room, top + height - 16 - y)
    for line in lines:
        y += small * _LEADING
        add(Line(_EDGE, y, line, small, _SOFT))


def _qr(drawing: Drawing, link: str, x: float, y: float, side: float) -> None:
    """The code with its quiet zone, whole modules only: a phone reads it from a print too."""
    matrix = segno.make(link, error="m", micro=False).matrix
    modules = len(matrix) + 8
    unit = max(int(side // modules), 1)
    own = unit * modules
    left, top = x + side - own, y
    drawing.shapes.append(Rectangle(left, top, own, own, _WHITE))
    for row, cells in enumerate(matrix, 4):
        for first, last in _runs(cells):
            drawing.shapes.append(
                Rectangle(left + (first + 4) * unit, top + row * unit, (last - first) * unit, unit, "#000000")
            )


def _runs(cells: Sequence[int]) -> list[tuple[int, int]]:
    """Dark modules that stand beside each other, as (first, one after the last)."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(cells):
        if not dark:
            continue
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found


# --- as a file ----------------------------------------------------------------------------------------------------


def as_svg(drawing: Drawing) -> bytes:
    """The drawing as an SVG file of its own."""
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {drawing.height}",
            "width": str(WIDTH),
            "height": str(drawing.height),
            "role": "img",
            "font-family": "Aileron, Helvetica, Arial, sans-serif",
        },
    )
    ET.SubElement(root, "title").text = drawing.title
    ET.SubElement(root, "desc").text = drawing.description
    for shape in drawing.shapes:
        if isinstance(shape, Rectangle):
            ET.SubElement(root, "rect", _of_rectangle(shape))
        else:
            ET.SubElement(root, "text", _of_line(shape)).text = shape.text
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _of_rectangle(shape: Rectangle) -> dict[str, str]:
    found = {
        "x": f"{shape.x:g}",
        "y": f"{shape.y:g}",
        "width": f"{shape.width:g}",
        "height": f"{shape.height:g}",
        "fill": shape.fill,
    }
    return {**found, "rx": str(shape.radius)} if shape.radius else found


def _of_line(line: Line) -> dict[str, str]:
    found = {
        "x": f"{line.x:g}",
        "y": f"{line.y:g}",
        "font-size": str(line.size),
        "fill": line.fill,
        "textLength": f"{line.width:.0f}",
        "lengthAdjust": "spacingAndGlyphs",
    }
    return {**found, "font-weight": "bold"} if line.bold else found


def as_png(drawing: Drawing) -> bytes:
    """The drawing as a picture that every phone and every social network takes."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, drawing.height), _PAPER)
    pen = ImageDraw.Draw(picture)
    for shape in drawing.shapes:
        if isinstance(shape, Rectangle):
            box = (shape.x, shape.y, shape.x + shape.width - 1, shape.y + shape.height - 1)
            pen.rounded_rectangle(box, shape.radius, fill=shape.fill)
        else:
            stroke = max(1, shape.size // 40) if shape.bold else 0
            pen.text(
                (shape.x, shape.y),
                shape.text,
                font=_font(shape.size),
                fill=shape.fill,
                anchor="ls",
                stroke_width=stroke,
                stroke_fill=shape.fill,
            )
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
