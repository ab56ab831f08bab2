"""A bad link on this machine: a TCP proxy with a rate, a delay and cuts. Counts what passes."""

import asyncio
import threading
from dataclasses import dataclass, field

PIECE = 1024  # bytes that travel together
WINDOW = 16 * 1024  # bytes that fit on the way, at least; the sender waits beyond
Pieces = asyncio.Queue[tuple[float, bytes]]  # when it came or arrives, and what


@dataclass
class Counted:
    """Bytes that passed in each direction, TCP and TLS overhead not included."""

    up: int = 0
    down: int = 0
    connections: int = 0
    cuts: int = 0


@dataclass
class Link:
    """`rate` bits a second each way, shared by all connections; `delay` seconds one way; every `cut_every` bytes
    either way, all connections break."""

    target_port: int
    rate: float
    delay: float
    cut_every: int = 0
    counted: Counted = field(default_factory=Counted)
    port: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _next_cut: int = 0
    _free: dict[str, float] = field(default_factory=lambda: {"up": 0.0, "down": 0.0})
    _cut: list[asyncio.Event] = field(default_factory=list)

    def __enter__(self) -> "Link":
        self._next_cut = self.cut_every
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join()

    def _serve(self, ready: threading.Event) -> None:
        self._loop = loop = asyncio.new_event_loop()
        server = loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        if tasks:
            loop.run_until_complete(asyncio.wait(tasks))
        loop.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counted.connections += 1
        await asyncio.sleep(2 * self.delay)  # the TCP handshake
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        tasks: list[asyncio.Future[None]] = [
            asyncio.ensure_future(self._carry(reader, there_writer, "up")),
            asyncio.ensure_future(self._carry(there_reader, writer, "down")),
        ]
        broken = asyncio.Event()
        self._cut.append(broken)
        tasks.append(asyncio.ensure_future(_wait(broken)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            return  # the link is being taken down; asyncio would print what a cancelled handler raises
        finally:
            self._cut.remove(broken)
            for task in tasks:
                task.cancel()
            for one in (writer, there_writer):
                one.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        """Lets bytes go no faster than the rate; each piece arrives `delay` after it has left.

        When a piece came counts, not when this loop got round to it: a busy machine must not make the link slower.
        """
        loop = asyncio.get_running_loop()
        room = max(WINDOW, int(2 * self.delay * self.rate / 8)) // PIECE
        come: Pieces = asyncio.Queue(room)
        gone: Pieces = asyncio.Queue(room)
        beside = [asyncio.ensure_future(_read(reader, come)), asyncio.ensure_future(_deliver(gone, writer))]
        try:
            while (found := await come.get())[1]:
                when, piece = found
                free = self._free[way] = max(self._free[way], when) + len(piece) * 8 / self.rate
                await asyncio.sleep(max(0.0, free - loop.time()))
                setattr(self.counted, way, getattr(self.counted, way) + len(piece))
                self._cut_where_it_is_time()
                await gone.put((free + self.delay, piece))
            while not gone.empty():
                await asyncio.sleep(0.01)
        finally:
            for task in beside:
                task.cancel()

    def _cut_where_it_is_time(self) -> None:
        if not self.cut_every or self.counted.up + self.counted.down < self._next_cut:
            return
        self._next_cut += self.cut_every
        self.counted.cuts += 1
        for broken in self._cut:
            broken.set()


async def _wait(broken: asyncio.Event) -> None:
    await broken.wait()


async def _read(reader: asyncio.StreamReader, come: Pieces) -> None:
    """Takes what the sender has to give, as far as it fits on the way; b"" at its end."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            piece = await reader.read(PIECE)
        except ConnectionError:
            piece = b""
        await come.put((loop.time(), piece))
        if not piece:
            return


async def _deliver(gone: Pieces, writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    while True:
        when, piece = await gone.get()
        await asyncio.sleep(max(0.0, when - loop.time()))
        writer.write(piece)
        await writer.drain()
