"""Faults: why a message did not go, and by that what happens to it next.

Each carries a Norwegian sentence for the person who looks into it.
"""


class SendFault(Exception):  # noqa: N818 - a fault of the other side, told in full
    """A message did not go, or we cannot tell."""


class TransientFault(SendFault):
    """It did surely not go; later it may."""


class PermanentFault(SendFault):
    """It did surely not go, and trying again would not help."""


class GoneFault(PermanentFault):
    """The receiver says that nobody is there any more; nothing more is sent to it."""


class UnansweredFault(SendFault):
    """It was handed over and no answer came: it may have arrived."""
