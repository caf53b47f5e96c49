"""What the page of the year's statistics shows, read from its HTML: its courses, rows and words."""

import re
from html import unescape


def plain(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def courses(client, address="/statistikk"):
    """Heading -> the rows under it, as HTML, in order."""
    found = {}
    for body in client.get(address).text.split("<tbody>")[1:]:
        heading, *rows = body.split("</tbody>")[0].split("<tr")[1:]
        found[plain(f"<tr{heading}")] = [f"<tr{row}" for row in rows]
    return found


def rows(client, address="/statistikk"):
    return [row for of in courses(client, address).values() for row in of]


def row(client, name, address="/statistikk"):
    """The row of a deadline, by its name."""
    (found,) = (row for row in rows(client, address) if f">{name}</a>" in row)
    return found


def said(client, name, address="/statistikk"):
    return plain(row(client, name, address))
