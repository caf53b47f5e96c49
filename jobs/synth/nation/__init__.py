"""A synthetic nation: everybody the register knows of in a school year, in the situations of situations.csv."""
