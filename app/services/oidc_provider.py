"""What an identity provider publishes of itself (OpenID Connect Discovery), and what is sent to it."""

from __future__ import annotations

import base64
import json
import threading
import time
import urllib.error
import urllib.request
from typing import Any, NoReturn
from urllib.parse import quote, urlencode, urlsplit

import jwt

from geo.errors import SurroundingsError
from geo.messages import msg

_SECONDS = 8
_LARGEST = 1_000_000
#: What a provider publishes is read again after an hour; for a key that is not there, at most once a minute.
_FRESH_SECONDS, _AGAIN_SECONDS = 3600.0, 60.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A code and a client's secret go to the address that was published, nowhere else."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


class Provider:
    """The provider's addresses and signing keys."""

    def __init__(self, issuer: str, document: dict[str, Any]) -> None:
        self.issuer = issuer
        self.authorize: str = _safe(document["authorization_endpoint"])
        self._token: str = _safe(document["token_endpoint"])
        self._keys_at: str = _safe(document["jwks_uri"])
        self._post = "client_secret_basic" not in document.get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        )
        self._keys: list[jwt.PyJWK] = []
        self._read_at = -_FRESH_SECONDS
        self._lock = threading.Lock()

    def redeem(self, fields: dict[str, str], client: str, secret: str | None) -> str:
        """Change a code for the ID token. Raises SurroundingsError, KeyError where there is none."""
        headers = {}
        if secret is None or self._post:
            fields = {**fields, "client_id": client} | ({} if secret is None else {"client_secret": secret})
        else:
            pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return str(_json(self._token, urlencode(fields).encode(), headers)["id_token"])

    def key(self, kid: str | None, algorithm: str) -> Any:
        """The public key of an ID token. Raises ``jwt.PyJWTError`` where the provider has none like it."""
        with self._lock:
            age = time.monotonic() - self._read_at
            found = self._find(kid, algorithm) if age < _FRESH_SECONDS else None
            if found is None and age >= _AGAIN_SECONDS:
                document = _json(self._keys_at)
                self._keys = list(jwt.PyJWKSet.from_dict(document).keys)
                self._read_at = time.monotonic()
                found = self._find(kid, algorithm)
        if found is None:
            raise jwt.InvalidKeyError("no such key")
        return found.key

    def _find(self, kid: str | None, algorithm: str) -> jwt.PyJWK | None:
        fitting = [key for key in self._keys if key.public_key_use in (None, "sig")]
        named = [key for key in fitting if kid is not None and key.key_id == kid]
        # A provider with a single key need not name it.
        chosen = named or (fitting if kid is None and len(fitting) == 1 else [])
        return chosen[0] if chosen else None


_known: dict[str, tuple[float, Provider]] = {}


def provider(issuer: str) -> Provider:
    """The provider behind an issuer's address. Raises SurroundingsError ``oidc_unreachable``."""
    kept = _known.get(issuer)
    if kept is not None and time.monotonic() - kept[0] < _FRESH_SECONDS:
        return kept[1]
    document = _json(_safe(issuer).rstrip("/") + "/.well-known/openid-configuration")
    if document.get("issuer") != issuer:
        _unreachable("issuer")
    try:
        found = Provider(issuer, document)
    except KeyError as error:
        _unreachable(str(error), error)
    _known[issuer] = (time.monotonic(), found)
    return found


def _safe(address: str) -> str:
    """An address that nobody on the way can read: https, or this machine itself."""
    parts = urlsplit(str(address))
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not here and parts.scheme != "https":
        _unreachable("https")
    return str(address)


def _json(address: str, sent: bytes | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(address, sent, {"Accept": "application/json", **(headers or {})})
    try:
        with _OPENER.open(request, timeout=_SECONDS) as answer:
            document = json.loads(answer.read(_LARGEST))
    except (OSError, ValueError) as error:
        _unreachable(urlsplit(address).hostname or "", error)
    if not isinstance(document, dict):
        _unreachable(urlsplit(address).hostname or "")
    return document


def _unreachable(what: str, error: Exception | None = None) -> NoReturn:
    raise SurroundingsError(
        "oidc_unreachable",
        msg("Hệ thống đăng nhập của cơ quan không trả lời đúng ({what}).", what=what),
        hint=msg("Đăng nhập bằng mật khẩu nếu có, hoặc thử lại sau; báo người quản trị nếu kéo dài."),
    ) from error
