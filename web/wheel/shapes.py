"""Shapes: each state's marker, drawn in a box of 16 × 16 around the origin.

Shape, colour and word say the same thing, so that none of them is needed alone.
"""

from scheduler.ledger.state import State, Tone

_CIRCLE = "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z"
_RING = f"{_CIRCLE}M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0z"

SHAPES: dict[State, str] = {
    State.DONE: _CIRCLE,
    State.DONE_LATE: f"{_CIRCLE}M0-3L3 0L0 3L-3 0z",
    State.PLANNED: "M-5.2-5.2h10.4v10.4h-10.4z",
    State.NEAR: "M0-6.6L6.8 5.4h-13.6z",
    State.DUE_TODAY: "M0-6.6L6.8 5.4h-13.6zM-1-1.8v3.2h2v-3.2zM-1 2.4v1.8h2v-1.8z",
    State.AT_RISK: "M-5.4-6.6h10.8L0 5.4zM-1-4.6v4.2h2v-4.2z",
    State.IN_GRACE: "M0-7.6L7.6 0L0 7.6L-7.6 0zM0-4.4L-4.4 0L0 4.4L4.4 0z",
    State.UNCONFIRMED: "M-7-5h9L7 0L2 5h-9zM-5-3v6h6.2L4.2 0L1.2-3z",
    State.WAITING: "M-5.6-6h11.2v1.6L1.4 0L5.6 4.4V6h-11.2v-1.6L-1.4 0L-5.6-4.4z",
    State.RUNNING: "M-4.6-6.4L6.8 0L-4.6 6.4z",
    State.REFUSED: "M-2.7-6.5h5.4l3.8 3.8v5.4l-3.8 3.8h-5.4l-3.8-3.8v-5.4zM-4-1.2v2.4h8v-2.4z",
    State.FAILED: "M-6-4.2L-4.2-6L0-1.8L4.2-6L6-4.2L1.8 0L6 4.2L4.2 6L0 1.8L-4.2 6L-6 4.2L-1.8 0z",
    State.CANCELLED: f"{_CIRCLE}M-2.4-2.4h4.8v4.8h-4.8z",
    State.LATE: "M0-7.6L7.6 0L0 7.6L-7.6 0z",
    State.NOTHING: f"{_RING}M-3.2-1h6.4v2h-6.4z",
    State.WAIVED: "M-6-1.6h12v3.2h-12z",
    State.WITHDRAWN: "M-5.8 4.2L4.2-5.8L5.8-4.2L-4.2 5.8z",
    State.UNTRACKED: _RING,
    State.INFORMATION: f"{_RING}M-1.6 0a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0z",
}

# The light theme's text-subtle colours, for the wheel as a file of its own; on a page the
# stylesheet takes over and follows the reader's light or dark.
TONE_COLOURS: dict[Tone, str] = {
    Tone.NEUTRAL: "#5b5d60",
    Tone.INFO: "#0860a3",
    Tone.SUCCESS: "#056d13",
    Tone.WARNING: "#80540f",
    Tone.DANGER: "#b81a1a",
}
