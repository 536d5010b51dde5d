"""A small identity provider on the loopback: discovery, keys and tokens, and ways to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "dia-ban", "bí mật của ứng dụng"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Identity:
    """The provider. ``claims`` go over those of an honest token; ``signed``: by whom, or not at all."""

    port: int = 0
    subject: str = "người-dùng-7"
    claims: dict[str, Any] = field(default_factory=dict)
    signed: str = "own key"
    asked: dict[str, str] = field(default_factory=dict)
    redeemed: list[dict[str, str]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def visit(self, address: str) -> dict[str, str]:
        """What a person's browser does there: signs in, and comes back with these query values."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return {"code": "mã-một-lần", "state": self.asked["state"], "iss": self.issuer}

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
            **self.claims,
        }
        match self.signed:
            case "none":
                return jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"})
            case "shared secret":
                return jwt.encode(claims, "x" * 64, algorithm="HS256", headers={"kid": "k1"})
            case "other key":
                return jwt.encode(claims, _OTHER, algorithm="RS256", headers={"kid": "k1"})
            case _:
                return jwt.encode(claims, _KEY, algorithm="RS256", headers={"kid": "k1"})

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def keys(self) -> dict[str, Any]:
        key = jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": "k1", "use": "sig", "alg": "RS256"}]}

    def redeem(self, fields: dict[str, str]) -> dict[str, Any] | None:
        self.redeemed.append(fields)
        made = hashlib.sha256(fields["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        fits = (
            challenge == self.asked["code_challenge"] and fields["redirect_uri"] == self.asked["redirect_uri"]
        )
        return {"id_token": self.token(), "token_type": "Bearer", "access_token": "-"} if fits else None


@contextmanager
def providing() -> Iterator[Identity]:
    """The provider until the block ends."""
    identity = Identity()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {"/.well-known/openid-configuration": identity.document, "/keys": identity.keys}
            self._answer(known[self.path]() if self.path in known else None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            identity.headers.append(self.headers.get("Authorization", ""))
            self._answer(identity.redeem({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, document: dict[str, Any] | None) -> None:
            self.send_response(200 if document is not None else 400)
            self.end_headers()
            self.wfile.write(json.dumps(document or {"error": "invalid_grant"}).encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    identity.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield identity
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
