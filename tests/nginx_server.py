"""A real nginx on loopback before several bots, for tests and benchmarks.

with service_folder() as folder, Nginx(folder / "nginx", ["127.0.0.1:8001", "127.0.0.1:8002"]) as nginx:
    post(nginx.url + "/telegram", update)
"""

import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from service_processes import INSTALL, end, free_port, give, spawn, wait_until

_CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_max_body_size 50m;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream bots {{
        # Each is tried anew every time: one that is down refuses at once, and one that comes back is missed by nobody.
        {servers}
        keepalive 64;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://bots;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_connect_timeout 1s;
            proxy_read_timeout 30s;
            # An update may be sent twice so: the bots handle each once.
            proxy_next_upstream error timeout http_502 http_503 non_idempotent;
        }}
    }}
}}
"""


def available() -> str | None:
    """Why nginx cannot be started here: a sentence; or None."""
    return None if _binary() else f"nginx is not here: {INSTALL}."


class Nginx:
    """The server: what is sent to `url` goes to the `upstreams` (`host:port`) in turn, and to the next where one is down
    or breaks off."""

    def __init__(self, folder: Path, upstreams: Sequence[str], port: int = 0) -> None:
        self.folder = folder.resolve()
        self.upstreams = tuple(upstreams)
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The root of the server, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        binary = _binary()
        assert binary is not None, available()
        servers = "\n        ".join(f"server {upstream} max_fails=0;" for upstream in self.upstreams)
        self.folder.mkdir(parents=True)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(_CONFIGURATION.format(folder=self.folder, port=self.port, servers=servers))
        give(self.folder)
        self._process = spawn(
            [binary, "-p", self.folder, "-e", self.folder / "error.log", "-c", configuration], self.folder
        )
        try:
            wait_until(self._listens, {self.folder: self._process}, 20)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._process is not None:
            end(self._process, signal.SIGTERM)
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def _binary() -> str | None:
    """Debian keeps it in a folder that is not on every PATH."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
