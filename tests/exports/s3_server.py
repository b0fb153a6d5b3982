"""A real server that speaks S3 (SeaweedFS, from a wheel), on 127.0.0.1."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

KEY_ID, SECRET = "AKIATERTULIATEST", "a secret that only tests know"
PATIENCE_SECONDS = 60
BINARY = Path(sys.executable).with_name("weed")


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """Serve S3 from a folder until the block ends; give its address."""
    ports = dict(zip(("master", "volume", "filer", "s3", "admin"), _free_ports(5), strict=True))
    command = [
        str(BINARY), "-logtostderr=true", "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        *(f"-{name}.port={port}" for name, port in ports.items()),
        "-admin.ui=false", "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false",
        "-volume.preStopSeconds=0",
    ]  # fmt: skip
    keys = {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "GOMEMLIMIT": "150MiB"}
    address = f"http://127.0.0.1:{ports['s3']}"
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env={**os.environ, **keys}, stdout=log, stderr=log) as process,
    ):
        try:
            _wait_for(address, process)
            yield address
        finally:
            process.kill()


def _free_ports(count: int) -> list[int]:
    """Find ports that are free, and free ten thousand higher: the server takes those for its own talk.

    All are below 32,768: from there on, systems lend ports to whoever connects somewhere, at any moment.
    """
    found: list[int] = []
    for port in range(11_000 + os.getpid() % 1_000 * 10, 22_700):
        if _is_free(port) and _is_free(port + 10_000):
            found.append(port)
        if len(found) == count:
            break
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/healthz", timeout=2):
                return
        except HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the S3 server did not start")
