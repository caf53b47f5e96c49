"""Words: texts, days, numbers and languages as people read them."""
