"""Cards: one delivery's facts on one sheet, to be archived: what was sent, judged, approved and received."""
