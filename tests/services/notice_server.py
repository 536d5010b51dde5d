"""A webhook on the loopback that keeps what it is sent, and can refuse, hang up or send elsewhere."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Hook:
    """Where it listens, what it answers, and the (path, user, document) of each message."""

    port: int
    status: int = 200
    location: str = ""
    received: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def url(self, secret: str = "") -> str:
        return f"http://{secret}127.0.0.1:{self.port}/hook/k3y?room=9"


@contextmanager
def listening() -> Iterator[Hook]:
    """The webhook until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            sign = self.headers.get("Authorization", "").removeprefix("Basic ")
            hook.received.append((self.path, base64.b64decode(sign).decode(), body))
            self.send_response(hook.status)
            if hook.location:
                self.send_header("Location", hook.location)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook = Hook(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
