"""PDF text: what a reader can copy out of a PDF from typst: its pages' strings through ToUnicode."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_PAGE = re.compile(rb"/Type/Page(?=/).*?/Resources (\d+) 0 R.*?/Contents (\d+) 0 R", re.DOTALL)
_FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
_MAPPED = re.compile(rb"<([0-9A-F]+)> <([0-9A-F]+)>")
# A tag's properties, which hold strings of their own; a font chosen, a string shown, a text ended.
# A string may hold pairs of brackets as they are.
_PLAIN = rb"(?:\\.|[^\\()])*"
_STRING = rb"\((" + _PLAIN + rb"(?:\(" + _PLAIN + rb"\)" + _PLAIN + rb")*)\)"
_SHOWN = re.compile(rb"<<.*?>>\s*BDC|/(f\d+) \S+ Tf|" + _STRING + rb"|\b(ET)\b", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """The pages' text as one line, words that are hyphenated at a line's end put together."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [match for body in objects.values() if (match := _PAGE.search(body))]
    shown = [_page(objects, *(int(number) for number in match.groups())) for match in pages]
    whole = "\n".join(shown).replace("\n\u00ad\n", "").replace("\u00ad", "-")
    return " ".join(whole.split())


def metadata_of(pdf: bytes) -> str:
    """The document's XMP: its title, language and standard."""
    return next(
        x for x in map(_stream, dict(_OBJECT.findall(pdf)).values()) if b"xmpmeta" in x
    ).decode()


def pages_in(pdf: bytes) -> int:
    return len(re.findall(rb"/Type/Page/", pdf))


def _stream(body: bytes) -> bytes:
    head, found, rest = body.partition(b"stream\n")
    data = rest.rsplit(b"\nendstream", 1)[0]
    return zlib.decompress(data) if b"/FlateDecode" in head else data if found else b""


def _page(objects: dict[int, bytes], resources: int, contents: int) -> str:
    fonts = {name: _glyphs(objects, int(n)) for name, n in _FONT.findall(objects[resources])}
    glyphs: dict[int, str] = {}
    text = ""
    for font, string, ended in _SHOWN.findall(_stream(objects[contents])):
        if font:
            glyphs = fonts[font]
        codes = _ESCAPED.sub(_unescaped, string)
        pairs = zip(codes[::2], codes[1::2], strict=True)
        text += "\n" if ended else "".join(glyphs[high * 256 + low] for high, low in pairs)
    return text


def _glyphs(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """Glyph number -> the characters it stands for."""
    table = int(re.search(rb"/ToUnicode (\d+) 0 R", objects[font])[1])
    pairs = _MAPPED.findall(_stream(objects[table]).split(b"endcodespacerange")[1])
    return {
        int(glyph, 16): bytes.fromhex(code.decode()).decode("utf-16-be") for glyph, code in pairs
    }


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if len(code) > 1 else _LETTERS.get(code, code)
