"""Itself: the names under which the service itself stands in the log, where no person decided."""

SERVICE = "årshjulet"  # a deadline that went by
NOTICES = "aarshjul"  # a change that nobody is there to be told of
SENDER = "varsling"
INSTALLATION = "installasjon"  # approved the year that an empty database began with
CARRIED = "publisert endring"  # kept an approved year approved
SAVED = "calendar.yaml"  # a saved file published itself

NAMES = frozenset({"", SERVICE, NOTICES, SENDER, INSTALLATION, CARRIED, SAVED})
