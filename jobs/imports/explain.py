"""What is wrong with a line, in sentences with a remedy that never quote its content."""

import re

from jobs.imports.layout import Layout, layout_names, load_layout
from jobs.imports.spans import MAX_LINE

CONTROL = re.compile(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")
ENDINGS = {b"\r\n": "CR LF", b"\n": "LF"}


def explain(raw: bytes, layout: Layout, ending: bytes) -> str:
    """Say what is wrong with a line that is not of a correct shape; `ending` is line 1's."""
    if len(raw) > MAX_LINE:
        return f"Linjen er lengre enn {MAX_LINE} tegn. Sett linjeskift etter hver post."
    if not raw.endswith(b"\n"):
        return "Siste linje er ikke avsluttet: filen er trolig avkortet. Lever hele filen på nytt."
    if not raw.endswith(ending) or (ending == b"\n" and raw.endswith(b"\r\n")):
        return f"Linjen slutter ikke med {ENDINGS[ending]} som linje 1. Bruk samme linjeskift i hele filen."
    content = raw.removesuffix(ending)
    if not content.strip():
        return "Linjen er tom. Fjern tomme linjer."
    if found := CONTROL.search(content):
        return f"Linjen har et styretegn (kode {found[0][0]}). Fjern det."
    return _explain_fields(content, layout)


def _explain_fields(content: bytes, layout: Layout) -> str:
    values = content.split(layout.separator_bytes)
    record = layout.records.get(values[0].decode("ascii", "replace"))
    if record is None:
        known = ", ".join(layout.records)
        return (
            f"Ukjent linjetype. Kjente er {known}, fulgt av «{layout.separator}». "
            "Rett linjetypen, eller slett linjen."
        )
    if len(values) != record.field_count:
        title = f"{record.title} har {len(values)} felt; det skal være {record.field_count}."
        return f"{title} {_field_remedy(values[0].decode(), len(values), layout)}"
    return "Linjen har et ulovlig tegn. Fjern det."


def _field_remedy(kind: str, count: int, layout: Layout) -> str:
    others = (load_layout(name) for name in layout_names() if name != layout.id)
    fitting = [f"«{it.title}»" for it in others if _width(it, kind) == count]
    if fitting:
        return f"Antallet passer med {' og '.join(fitting)}. Ta ut filen i «{layout.title}»."
    return f"Ta ut filen på nytt, uten «{layout.separator}» inni et felt."


def _width(layout: Layout, kind: str) -> int | None:
    record = layout.records.get(kind)
    return record.field_count if record else None


def wrong_mark(found: str, layout: Layout) -> str:
    """Say what the mark at the beginning of the file, a name of a character set, means."""
    if found == "UTF-16":
        return f"Filen er lagret som UTF-16. Lagre den som {layout.encoding.upper()}."
    return "Filen begynner med et usynlig BOM-merke. Lagre den uten BOM."


def charset_fault(raw: bytes, encoding: str) -> str:
    """Say which character set the line seems to be in, when it is not the declared one."""
    if encoding != "utf-8" and _decodes(raw, "utf-8"):
        guess = "UTF-8"
    elif encoding == "iso-8859-1" and any(0x80 <= byte <= 0x9F for byte in raw):  # noqa: PLR2004
        guess = "WINDOWS-1252"
    elif _decodes(raw, encoding):
        return ""
    else:
        guess = "WINDOWS-1252 eller ISO-8859-1" if encoding == "utf-8" else "et annet"
    agreed = encoding.upper()
    return f"Tegnsettet ser ut til å være {guess}; avtalt er {agreed}. Lagre filen som {agreed}."


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
