"""Asked: whether it is a program or a person that asks: the API's addresses, or the pages'."""

from flask import request

PREFIX = "/api/"


def by_program() -> bool:
    """Whether the address asked for belongs to the API, known or not."""
    return request.path.startswith(PREFIX)
