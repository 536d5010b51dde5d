"""Security headers of every answer, among them what a page of Streamlit's may load: nothing from elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.config import Settings

_EVERYWHERE = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
_YEAR_SECONDS = 365 * 86400


def headers(settings: Settings, host: str, *, tls: bool) -> dict[str, str]:
    """The headers of an answer that does not bring its own. ``host``: as the caller named it, with the port."""
    said = {**_EVERYWHERE, "Content-Security-Policy": _content_policy(settings, host, tls=tls)}
    if tls:
        said["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
    return said


def _content_policy(settings: Settings, host: str, *, tls: bool) -> str:
    """What Streamlit's pages need and no more.

    Its own page has a script and styles written in, its map component runs what the server sent it, charts turn
    their formulas into functions, and both live in frames of blobs. So scripts cannot be held off by this
    policy: what a file brings is escaped where it is shown. What it does hold is that nothing is fetched from
    another host and nothing is sent to one.
    """
    tiles = _tile_source(settings.tiles_url)
    socket = f"{'wss' if tls else 'ws'}://{host}"
    parts = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' data: blob:{tiles}",
        "font-src": "'self' data:",
        "connect-src": f"'self' {socket} data: blob:",
        "media-src": "'self' data: blob:",
        "worker-src": "'self' blob:",
        "frame-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _tile_source(url: str | None) -> str:
    """Where the operator's own map tiles come from, when they are not on this server."""
    if not url:
        return ""
    parts = urlsplit(url.replace("{s}", "*"))
    return f" {parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""
