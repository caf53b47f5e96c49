"""Fake provider: a real HTTP server that speaks OpenID Connect: discovery, authorize, token, jwks, userinfo.

`claims` overrides what it says of whoever signs in (None leaves a claim out); `sign` makes the id token.
"""

import base64
import hashlib
import secrets
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

from flask import Flask, abort, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.serving import on_a_port

CLIENT, SECRET = "aarshjul", "hemmelighet & tegn"
KEY = RSAKey.generate_key(2048, parameters={"kid": "k1"})


def rightly(claims: dict[str, Any], key: RSAKey = KEY) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


@dataclass
class FakeProvider:
    """What it says, and what it has been asked; `codes` holds each code that is not used yet."""

    address: str = ""
    up: bool = True
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] = rightly
    keys: list[RSAKey] = field(default_factory=lambda: [KEY])
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def description(self):
        if not self.up:
            abort(503)
        return jsonify(
            issuer=self.address,
            authorization_endpoint=f"{self.address}/authorize",
            token_endpoint=f"{self.address}/token",
            userinfo_endpoint=f"{self.address}/userinfo",
            jwks_uri=f"{self.address}/jwks",
            id_token_signing_alg_values_supported=["RS256", "HS256", "none"],
        )

    def authorize(self):
        """As if somebody had signed in there at once."""
        said = request.args.to_dict()
        self.asked.append(said)
        assert said["client_id"] == CLIENT
        assert said["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = said
        back = urlencode({"code": code, "state": said["state"]})
        return redirect(f"{said['redirect_uri']}?{back}")

    def token(self):
        said, by = request.form, request.authorization
        asked = self.codes.pop(said["code"], None)
        made = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or said["redirect_uri"] != asked["redirect_uri"]
            or (by.username, by.password) != (CLIENT, SECRET)
        ):
            abort(400)
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "kari-hos-dem",
            "name": "Kari Nordmann",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        } | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        return jsonify(access_token="adgang", token_type="Bearer", id_token=self.sign(kept))

    def jwks(self):
        return jsonify(keys=[key.as_dict(private=False) for key in self.keys])

    def more(self):
        assert request.headers["Authorization"] == "Bearer adgang"
        return jsonify({"sub": "kari-hos-dem"} | self.userinfo)


@contextmanager
def provider_on_a_port() -> Iterator[FakeProvider]:
    fake, app = FakeProvider(), Flask("fake-provider")
    for path, view, methods in (
        ("/.well-known/openid-configuration", fake.description, ["GET"]),
        ("/authorize", fake.authorize, ["GET"]),
        ("/token", fake.token, ["POST"]),
        ("/jwks", fake.jwks, ["GET"]),
        ("/userinfo", fake.more, ["GET"]),
    ):
        app.add_url_rule(path, path, partial(view), methods=methods)
    with on_a_port(app) as address:
        fake.address = address
        yield fake


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def there(address):
    """What the provider sends the browser back to: path and query of our site."""
    try:
        urllib.request.build_opener(_Stay).open(address)
    except HTTPError as answer:
        with answer:
            back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"
    raise AssertionError(address)
