"""A real PostgreSQL on loopback for tests and benchmarks.

    with service_folder() as folder, Postgres(folder / "postgres") as postgres:
        url = postgres.database("log")
        postgres.stop()
        postgres.start()

What is committed survives `stop`, but not a fall of the machine: nothing waits for the disk (fsync is off).
"""

import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from service_processes import INSTALL, end, free_port, give, spawn, wait_until

USER = "onrecord"


def available() -> str | None:
    """Why PostgreSQL cannot be started here: a sentence; or None."""
    if _binary("initdb") is None or _binary("postgres") is None:
        return f"PostgreSQL is not here: {INSTALL}."
    return None if find_spec("psycopg") else "psycopg is not here: pip install -e '.[dev]' installs it."


class Postgres:
    """The server. `port` and `password` are the same for as long as it lives; `url` is its database `postgres`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.password = secrets.token_hex(12)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL of the database that every server has, with user and password."""
        return self._url("postgres")

    def __enter__(self) -> Self:
        give(self.folder)
        secret = self.folder / "password"
        secret.write_text(self.password)
        give(self.folder)
        initdb = spawn(
            [
                *(_binary("initdb"), "--pgdata=data", f"--username={USER}", "--pwfile=password"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            self.folder,
        )
        if initdb.wait(60):
            raise RuntimeError(f"initdb failed: {(self.folder / 'output').read_text()}")
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Starts the server and waits until it answers; after `stop`, with all that was committed."""
        assert self._process is None, "it runs"
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": 200,
        }
        self._process = spawn(
            [_binary("postgres"), "-D", "data", *(f"--{name}={value}" for name, value in settings.items())],
            self.folder,
        )
        wait_until(self._answers, {self.folder: self._process}, 60)

    def stop(self) -> None:
        """Stops the server at once, as a fall of the process would: connections break, open transactions are lost."""
        if self._process is not None:
            # SIGQUIT is its immediate shutdown: it ends what it has started, which has process groups of its own.
            end(self._process, signal.SIGQUIT)
            self._process = None

    def database(self, name: str, template: str = "template0") -> str:
        """Makes a database, a copy of the template, that nobody is connected to; gives its URL."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._url(name)

    def drop(self, name: str) -> None:
        """Takes a database away, and breaks the connections to it."""
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{name}"

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _answers(self) -> bool:
        import psycopg

        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def _binary(name: str) -> Path | None:
    """Debian keeps the server's programs off the PATH, in a folder for each version: the newest, by its number."""
    found = [path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}") if path.parts[-3].isdigit()]
    if found:
        return max(found, key=lambda path: int(path.parts[-3]))
    on_path = shutil.which(name)
    # initdb looks for the server beside itself, not beside a link to itself.
    return Path(on_path).resolve() if on_path else None
