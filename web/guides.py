"""Guides: the pages that explain: the words, accessibility, and how to work here."""

from flask import Blueprint, render_template

from web.site import site
from web.words.glossary import in_order

blueprint = Blueprint("guides", __name__)


@blueprint.get("/ordliste")
def glossary() -> str:
    return render_template("glossary.html", terms=in_order())


@blueprint.get("/tilgjengelighet")
def accessibility() -> str:
    return render_template("accessibility.html", contact=site().settings.contact)


@blueprint.get("/veiledning/drift")
def operator() -> str:
    return render_template("guide_operator.html")


@blueprint.get("/veiledning/fylke")
def county() -> str:
    return render_template("guide_county.html")
