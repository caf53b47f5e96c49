"""Translations: a catalogue for each language but bokmål, whose sentences are the message ids."""
