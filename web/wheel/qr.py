"""QR code: an address as a drawing that a telephone can read."""

import io

import segno


def qr_svg(text: str) -> str:
    """The text as an SVG element without size, style or script, to stand in a page.

    Dark modules on white, whatever the page's colours, since many readers want it so. Decorative
    to a screen reader: the address stands beside it as text.
    """
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawing,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        xmldecl=False,
        nl=False,
    )
    svg = drawing.getvalue().decode()
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
