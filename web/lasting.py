"""Lasting: what a server's process holds for as long as it lives, kept out of the garbage collector's way."""

import gc

# A page makes some ten thousand objects and lets go of them by itself: a look among the new ones for
# each ten thousand, and through all of them after five thousand times that.
SELDOM = (10_000, 50, 100)


def leave_what_lasts() -> None:
    """Look no more through what is there now: modules, templates' code, the site itself.

    That is some hundred thousand objects, which a full collection in the middle of a page's answer
    would look through again for nothing, for longer than the answer itself takes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
