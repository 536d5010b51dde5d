"""The bundle installs and serves on a machine without any network."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.paths import ROOT

# Under unshare: a loopback of its own and no way out; the server and the reader share it.
INSIDE = """
ip link set lo up
cd "$BUNDLE_HOME"
sh start.sh --if-empty demo --port 8777 > "$BUNDLE_LOG" 2>&1 &
server=$!
for i in $(seq 240); do
    sleep 1
    if "$PYTHON" -c "from urllib.request import urlopen; urlopen('http://127.0.0.1:8777/auth/login')"; then
        echo answered; kill $server; exit 0
    fi
done
kill $server; exit 1
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_bundle_installs_and_serves_with_the_network_off(tmp_path: Path) -> None:
    bundle, log = tmp_path / "bundle.zip", tmp_path / "log"
    subprocess.run([sys.executable, "deploy/bundle.py", "--out", str(bundle)], cwd=ROOT, check=True)
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(tmp_path)
    home = tmp_path / "dia-ban"
    assert (home / "start.bat").exists()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DIABAN_", "VIRTUAL_ENV"))}
    environment |= {"BUNDLE_HOME": str(home), "BUNDLE_LOG": str(log), "PYTHON": sys.executable}
    own = [] if os.geteuid() == 0 else ["--map-root-user"]
    done = subprocess.run(
        ["unshare", "--net", *own, "sh", "-c", INSIDE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    told = log.read_text(encoding="utf-8") if log.exists() else ""
    assert done.stdout.strip() == "answered", told + done.stderr
