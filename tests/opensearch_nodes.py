"""A real OpenSearch of several nodes on loopback for tests and benchmarks.

    with service_folder() as folder, OpenSearch(folder / "opensearch") as cluster:
        cluster.wait("green")
        cluster.kill(1)
        cluster.start(1)
        cluster.wait("green")

It is the distribution that plugin authors test with: the engine without its plugins and scripts.
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from service_processes import AS_ROOT, INSTALL, end, free_port, give, spawn, wait_until

VERSION = "2.19.6"
_JAVA = range(17, 22)
_OPTIONS = (
    # As bin/opensearch gives them. It starts three Java processes more to find them out, a second or two for each node.
    "-Xshare:auto -Xss1m -Djava.awt.headless=true -Dfile.encoding=UTF-8 -Djna.nosys=true"
    " -XX:-OmitStackTraceInFastThrow -Dio.netty.noUnsafe=true -Dio.netty.noKeySetOptimization=true"
    " -Dio.netty.recycler.maxCapacityPerThread=0 -Dio.netty.allocator.numDirectArenas=0"
    " -Dlog4j.shutdownHookEnabled=false -Dlog4j2.disable.jmx=true -Djava.locale.providers=SPI,COMPAT"
    " -Djava.security.manager=allow -Djava.util.concurrent.ForkJoinPool.common.threadFactory="
    "org.opensearch.secure_sm.SecuredForkJoinWorkerThreadFactory"
    " -XX:+UseG1GC -XX:G1ReservePercent=25 -XX:InitiatingHeapOccupancyPercent=30"
)


def available() -> str | None:
    """Why OpenSearch cannot be started here: a sentence; or None."""
    if _java() is None:
        return f"Java {_JAVA.start} to {_JAVA.stop - 1} is not here: {INSTALL}."
    return None if (_home() / "lib").is_dir() else f"OpenSearch is not in {_home()}: {INSTALL}."


class OpenSearch:
    """A cluster; its data nodes are counted from 0, `urls` are theirs in this order.

    Node 0 leads the cluster: without it, nothing answers. With `manager`, a small node more leads it, the last one, and
    any data node can be lost. `heap` is each data node's. `quick` starts in half the time, and is slower at full speed:
    for tests, not for measurements.
    """

    def __init__(
        self, folder: Path, nodes: int = 2, *, manager: bool = False, heap: str = "512m", quick: bool = True
    ) -> None:
        self.folder = folder
        self.heap = heap
        self.quick = quick
        self.urls = [f"http://127.0.0.1:{free_port()}" for _ in range(nodes)]
        self._manager = nodes if manager else 0
        count = nodes + manager
        self._http = [*(int(url.rpartition(":")[2]) for url in self.urls), *(free_port() for _ in range(manager))]
        self._transport = [free_port() for _ in range(count)]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        try:
            for n in range(len(self._http)):
                self._configure(n)
                self.start(n)
            self.wait()
        except BaseException:
            self._kill_all()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kill_all()

    def start(self, n: int) -> None:
        """Starts a node, with the data that it had; `wait` waits for it."""
        assert n not in self._processes, f"node {n} runs"
        java = _java()
        assert java is not None, available()
        folder = self._folder(n)
        heap = "256m" if n == self._manager > 0 else self.heap
        command = [
            *(
                java,
                *_OPTIONS.split(),
                f"-Xms{heap}",
                f"-Xmx{heap}",
                *(["-XX:TieredStopAtLevel=1"] if self.quick else []),
            ),
            *(f"-Djava.io.tmpdir={folder / 'tmp'}", f"-Dopensearch.path.home={_home()}"),
            *(f"-Dopensearch.path.conf={folder / 'config'}", "-Dopensearch.distribution.type=zip"),
            *("-Dopensearch.bundled_jdk=false", "-cp", f"{_home() / 'lib'}/*", "org.opensearch.bootstrap.OpenSearch"),
        ]
        self._processes[n] = spawn(command, folder)

    def kill(self, n: int) -> None:
        """Ends a node by SIGKILL, paused or not."""
        end(self._processes.pop(n), signal.SIGKILL)

    def pause(self, n: int) -> None:
        """Stops a node in its tracks: its connections stay, and nothing is answered."""
        os.killpg(self._processes[n].pid, signal.SIGSTOP)

    def resume(self, n: int) -> None:
        """Lets a node go on that was paused."""
        os.killpg(self._processes[n].pid, signal.SIGCONT)

    def wait(self, status: str = "green", seconds: float = 120) -> None:
        """Waits until the nodes that run have found each other, answer, and the cluster is at least `status`.

        Raises:
            RuntimeError: a node has ended by itself.
            TimeoutError: it took longer.
        """
        path = f"/_cluster/health?wait_for_status={status}&wait_for_nodes={len(self._processes)}&timeout=1s"
        folders = {self._folder(n): process for n, process in self._processes.items()}
        wait_until(lambda: all(_fine(self._http[n], path) for n in self._processes), folders, seconds)

    def _configure(self, n: int) -> None:
        leads = n == self._manager
        does_data = not leads or not self._manager
        config = {
            "cluster.name": "onrecord-tests",
            "node.name": f"n{n}",
            "node.roles": ["cluster_manager"] * leads + ["data", "ingest"] * does_data,
            "path.data": str(self._folder(n) / "data"),
            "path.logs": str(self._folder(n) / "logs"),
            "network.host": "127.0.0.1",
            "http.port": self._http[n],
            "transport.port": self._transport[n],
            "discovery.seed_hosts": [f"127.0.0.1:{port}" for port in self._transport],
            "cluster.initial_cluster_manager_nodes": [f"n{self._manager}"],
            # A disk that is nearly full is the machine's own affair.
            "cluster.routing.allocation.disk.threshold_enabled": False,
        }
        folder = self._folder(n)
        shutil.copytree(_home() / "config", folder / "config")
        (folder / "tmp").mkdir()
        lines = (f"{name}: {json.dumps(value)}\n" for name, value in config.items())
        (folder / "config" / "opensearch.yml").write_text("".join(lines))
        give(folder)

    def _folder(self, n: int) -> Path:
        return self.folder.resolve() / f"n{n}"

    def _kill_all(self) -> None:
        for n in list(self._processes):
            self.kill(n)


def _fine(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        # 408 where the status is not reached in time, 503 where nobody leads the cluster.
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _home() -> Path:
    """The distribution: where `tests/services/install` puts it."""
    cache = Path("/var/cache") if AS_ROOT else Path.home() / ".cache"
    return Path(os.environ.get("ONRECORD_OPENSEARCH") or cache / "onrecord" / f"opensearch-{VERSION}")


def _java() -> Path | None:
    """A Java that this OpenSearch runs on: that of JAVA_HOME, of Debian's folder, or of the PATH."""
    on_path = shutil.which("java")
    homes = [
        *([Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []),
        *sorted(Path("/usr/lib/jvm").glob("*")),
        *([Path(on_path).resolve().parents[1]] if on_path else []),
    ]
    return next(
        (home / "bin" / "java" for home in homes if _version(home) in _JAVA and (home / "bin/java").exists()), None
    )


def _version(home: Path) -> int:
    """The main version of the Java in a folder, from the file that each has; 0 where there is none."""
    try:
        lines = (home / "release").read_text().splitlines()
    except OSError:
        return 0
    said = next((line for line in lines if line.startswith("JAVA_VERSION=")), "")
    number = said.partition('"')[2].partition(".")[0].strip('"')
    return int(number) if number.isdigit() else 0
