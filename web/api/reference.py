"""Reference: the page about the API, written from its own description."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Description = Mapping[str, Any]

HEAD = """\
# API-et

Denne siden er laget av `aarshjul api docs --out docs/api.md`; endre koden, ikke siden. Hele
beskrivelsen, for verktøy, ligger på `/api/openapi.json` (OpenAPI 3.1) hos tjenesten og skrives ut av
`aarshjul api describe`.

{about}

## Nøkler

`aarshjul keys create NAVN --scope 46` lager en nøkkel for ett fylke (`--scope national` for alle) og
viser den én gang; bare en hash lagres. `aarshjul keys list` viser dem, `aarshjul keys revoke NAVN`
trekker en tilbake med en gang. Send den slik:

    curl -H "Authorization: Bearer $NOKKEL" -H "Content-Type: application/json" \\
         -d '{{"reason": "Ingen elever i år."}}' \\
         https://arshjul.example/api/v1/occurrences/skole-off-telling-okt/2026-2027/only/46/nothing-to-report

## Fellestrekk

- Et ord som kan gjentas, gjentas: `?fylke=46&fylke=03`. Et ord vi ikke kjenner, gir 422 og det
  nærmeste vi kjenner.
- Lange lister kommer i deler: `limit` (høyst 500) og `cursor`, som er `next` fra forrige svar.
- Svarene har `ETag`; send den i `If-None-Match` og få 304 når ingenting er nytt.
- En nøkkel for et fylke svarer bare for det fylket; ellers 403. Uten gyldig nøkkel 401.
- En kropp er ett JSON-objekt på høyst 1 MB.

## Adresser
"""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A word of an address: its name, the form of its value and what it is about."""

    name: str
    form: str
    about: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be done at an address; `body` is "" for nothing, `refusals` the codes of a no."""

    method: str
    path: str
    summary: str
    needs_key: bool
    parameters: tuple[Parameter, ...]
    body: str
    success: str
    answer: str
    refusals: tuple[str, ...]


def operations(description: Description) -> list[Operation]:
    """All of them, by address."""
    return [
        _operation(path, method, operation)
        for path, item in sorted(description["paths"].items())
        for method, operation in item.items()
    ]


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> Operation:
    body, answers = operation.get("requestBody"), operation["responses"]
    good = next(code for code in answers if code.startswith("2"))
    schema = answers[good].get("content", {}).get("application/json", {}).get("schema")
    needs = {"key": []} in operation.get("security", ()) and {} not in operation["security"]
    return Operation(
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        needs_key=needs,
        parameters=tuple(map(_parameter, operation.get("parameters", ()))),
        body=_body(body["content"]) if body else "",
        success=good,
        answer=_kind(schema) if schema else "ingen kropp",
        refusals=tuple(sorted(code for code in answers if code[0] != "2")),
    )


def _parameter(parameter: Mapping[str, Any]) -> Parameter:
    required = parameter["required"] and parameter["in"] == "query"
    about = parameter.get("description", "")
    return Parameter(parameter["name"], _kind(parameter["schema"]), about, required)


def _body(content: Mapping[str, Any]) -> str:
    """The model of a JSON body, or the media type of a file sent as it is."""
    media, described = next(iter(content.items()))
    return _kind(described["schema"]) if media == "application/json" else f"filen, som `{media}`"


def reference_page(description: Description) -> str:
    """The whole page as Markdown, the same for every installation."""
    found = ["\n".join(_lines(operation)) for operation in operations(description)]
    head = HEAD.format(about=description["info"]["description"])
    return "\n".join([head, *found, *_models(description)])


def _lines(of: Operation) -> Iterator[str]:
    yield f"### `{of.method} {of.path}`\n"
    yield f"{of.summary}.{' Krever nøkkel.' if of.needs_key else ''}\n"
    if of.parameters:
        yield "| ord | form | om |\n| --- | --- | --- |"
        for word in of.parameters:
            required = " (må med)" if word.required else ""
            yield f"| `{word.name}`{required} | {word.form} | {word.about} |"
        yield ""
    if of.body:
        yield f"Kropp: {of.body}.\n"
    yield f"Svar {of.success}: {of.answer}. Ellers {', '.join(of.refusals)}.\n"


def _models(description: Description) -> Iterator[str]:
    yield "## Former\n"
    for name, schema in sorted(description["components"]["schemas"].items()):
        if "enum" in schema:
            words = ", ".join(f"`{word}`" for word in schema["enum"])
            yield f"### {name}\n\n{words}\n"
            continue
        yield f"### {name}\n\n| felt | form | om |\n| --- | --- | --- |"
        for field, value in schema.get("properties", {}).items():
            yield f"| `{field}` | {_kind(value)} | {value.get('description', '')} |"
        yield ""


def _kind(schema: Mapping[str, Any]) -> str:
    """A schema in a few words: the model's name, a list of something, a date."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " eller ".join(_kind(option) for option in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(str(word) for word in schema["enum"])
    if schema.get("type") == "array":
        return f"liste av {_kind(schema['items'])}" if schema.get("items") else "liste"
    plain = {
        "string": {"date": "dato", "date-time": "tidspunkt"}.get(schema.get("format", ""), "tekst"),
        "integer": "tall",
        "number": "tall",
        "boolean": "ja/nei",
        "null": "null",
        "object": "objekt",
    }
    return plain.get(str(schema.get("type")), "JSON")
