"""Lasting: what a server's process holds for as long as it lives, kept out of the garbage collector's way."""

import gc


def leave_what_lasts() -> None:
    """Look no more through what is there now: modules, templates' code, the site itself.

    That is some hundred thousand objects, which a full collection in the middle of a page's answer
    would look through again for nothing, for longer than the answer itself takes.
    """
    gc.collect()
    gc.freeze()
