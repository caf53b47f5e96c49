"""Who has read about whom: the log of reads, for the administrator."""

from flask import Blueprint, abort, render_template, request

from scheduler import reads, reads_kept
from web.follow_up.persons import LARGEST, page_asked
from web.site import ledger, site

blueprint = Blueprint("person_reads", __name__)
PAGE_SIZE = 100


@blueprint.get("/drift/lesninger")
def page() -> str:
    """The reads, the newest first; of one person or by one account where the query says so."""
    person, actor = request.args.get("person", type=int), request.args.get("konto", "").strip()
    if person is not None and not 0 < person <= LARGEST:
        abort(404)
    number = page_asked()
    with ledger() as at:
        rows = reads.found(
            at.session,
            person=person,
            actor=actor,
            limit=PAGE_SIZE + 1,
            offset=(number - 1) * PAGE_SIZE,
        )
        return render_template(
            "person_reads.html",
            at=at,
            rows=rows[:PAGE_SIZE],
            person=person,
            actor=actor,
            kept_years=site().settings.reads_kept_years,
            purges=reads_kept.purges(at.session),
            pages=(number - 1, number + 1 if len(rows) > PAGE_SIZE else 0),
        )
