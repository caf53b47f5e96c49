"""OIDC: signing in at a provider: authorization code with PKCE, state and nonce, all kept by Authlib.

The provider's description and keys are fetched for each sign-in, so a key it has taken back is never
trusted. What an identity number may stand in (`pid`, a name) is not kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import current_app, url_for
from joserfc.errors import InvalidClaimError, JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from scheduler.access.roles import Grant
from web.access.providers import Provider
from web.site import site

SECONDS = 10
# Signatures that only the provider can make, whatever else it says that it uses.
SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
LEEWAY_SECONDS = 30
FAILED = (OAuthError, JoseError, RequestException, RuntimeError, ValueError, KeyError, TypeError)
_IDENTITY_NUMBER = re.compile(r"\d{6}\s?\d{5}")


class NotSignedInError(Exception):
    """The provider's answer is not one to trust; the message is what kind of fault, for the log."""


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a provider vouches for: its own word for them, a name to show, and their roles here."""

    subject: str
    name: str
    grants: frozenset[Grant]


def go_to(provider: Provider) -> Response:
    """The way to the provider; raises NotSignedInError when it does not answer."""
    try:
        answer: Response = _client(provider).authorize_redirect(_way_back(provider))
    except FAILED as error:
        raise NotSignedInError(type(error).__name__) from error
    return answer


def come_back(provider: Provider) -> Known:
    """Whom the answer in this request's address vouches for; raises NotSignedInError."""
    required = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
    }
    try:
        client = _client(provider)
        token = client.authorize_access_token(claims_options=required, leeway=LEEWAY_SECONDS)
        claims = dict(token["userinfo"])
        if provider.userinfo:
            claims = _with_more(claims, client.userinfo(token=token))
    except FAILED as error:
        raise NotSignedInError(type(error).__name__) from error
    return Known(str(claims["sub"]), _name(provider, claims), provider.grants(claims))


def _client(provider: Provider) -> Any:
    client = OAuth(current_app).register(
        provider.id,
        client_id=provider.client_id,
        client_secret=provider.secret,
        server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        authorize_params=provider.authorize,
        client_kwargs={
            "scope": " ".join(provider.scopes),
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )
    client.load_server_metadata()["id_token_signing_alg_values_supported"] = SIGNATURES
    return client


def _way_back(provider: Provider) -> str:
    """Under the site's own public address, never under what the request calls it."""
    return site().settings.public_url + url_for("sign_in.answer", provider=provider.id)


def _with_more(claims: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    if more.get("sub") != claims["sub"]:
        raise InvalidClaimError("sub")
    return {**more, **claims}


def _name(provider: Provider, claims: Mapping[str, Any]) -> str:
    """The name to show; one that holds an identity number is not used."""
    said = claims.get(provider.name_claim)
    usable = isinstance(said, str) and said.isprintable() and not _IDENTITY_NUMBER.search(said)
    return said if usable and said else ""
