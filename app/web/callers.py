"""Who calls and by which name: what a request says of itself, believed as far as it may be."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request

from app.config import Settings
from app.services.sessions import Origin

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
#: What a proxy adds; who is behind it is not who connects.
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
_HOST = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d{1,5})?")
#: Kinds of browsers and machines, the more telling first. No version: it would be nearly a finger print.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def client_address(call: HTTPConnection, settings: Settings) -> str:
    """The network address of the caller; of a caller behind a trusted proxy the one that the proxy names.

    The header is read from its end: what the caller wrote into it stands before what the proxies added.
    """
    address = call.client.host if call.client else ""
    named = [part.strip() for part in call.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    while named and _trusted(address, settings):
        address = named.pop()
    return address


def _trusted(address: str, settings: Settings) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings.proxies)


def from_this_machine(call: HTTPConnection, settings: Settings) -> bool:
    """Whether the caller sits at the machine itself. Whoever comes through an unknown proxy does not."""
    peer = call.client.host if call.client else ""
    if any(name in call.headers for name in _FORWARDED) and not _trusted(peer, settings):
        return False
    return client_address(call, settings) in _LOOPBACK


def over_tls(call: HTTPConnection, settings: Settings) -> bool:
    """Whether the browser speaks TLS, with the app or with a trusted proxy before it."""
    peer = call.client.host if call.client else ""
    if _trusted(peer, settings):
        return call.headers.get("x-forwarded-proto", call.url.scheme).split(",")[-1].strip() in ("https", "wss")
    return call.url.scheme in ("https", "wss")


def origin_of(request: Request, settings: Settings) -> Origin:
    """Where somebody comes from, as sessions and the audit log remember it."""
    agent = request.headers.get("user-agent", "")
    kinds = (next((said for sign, said in known if sign in agent), "") for known in (_BROWSERS, _MACHINES))
    return Origin(client_address(request, settings), "/".join(filter(None, kinds)))


def host_of(call: HTTPConnection) -> str | None:
    """The name in the ``Host`` header without its port, None where it is none."""
    found = _HOST.fullmatch(call.headers.get("host", ""))
    return (found["six"] or found["name"]).lower() if found else None


def host_allowed(call: HTTPConnection, settings: Settings) -> bool:
    """Whether the app goes by the name that the caller used.

    An address in figures is always good: only a name can be made to point elsewhere (DNS rebinding).
    """
    host = host_of(call)
    if host is None or len(call.headers.getlist("host")) != 1:
        return False
    if host in settings.hosts or host in _LOOPBACK or host == settings.host.lower():
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def same_origin(call: HTTPConnection, settings: Settings) -> bool | None:
    """Whether a page of our own sent this; None where the browser does not say."""
    site = call.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    said = call.headers.get("origin") or call.headers.get("referer")
    return None if said is None else urlsplit(said).netloc == call.headers.get("host")
