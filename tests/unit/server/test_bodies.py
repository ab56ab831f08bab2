"""What is in memory of bodies on their way in: small, hashed, bounded, first come first served."""

import asyncio
import os

import pytest

from app.protocol.httpsig import content_digest
from sync_server.edge.bodies import SMALL, Body, Room


@pytest.mark.parametrize("sizes", [[], [1], [SMALL], [SMALL, 1], [SMALL + 1], [70_000, 5, 1_000_000]])
def test_a_body_is_what_was_sent_and_hashed(tmp_path, sizes):
    pieces = [os.urandom(size) for size in sizes]
    body = Body(tmp_path)
    for piece in pieces:
        body.add(piece)
    whole = b"".join(pieces)
    assert (body.size, body.content(), body.digest) == (len(whole), whole, content_digest(whole))
    body.close()


def test_a_large_body_is_in_a_file_without_a_name(tmp_path):
    body = Body(tmp_path)
    body.add(os.urandom(SMALL))
    assert body._rest is None
    body.add(b"x")
    assert body._rest is not None and not body._start
    assert list(tmp_path.iterdir()) == []
    body.close()
    assert body._rest.closed


def test_a_full_disk_is_an_oserror(tmp_path):
    body = Body(tmp_path / "nowhere")
    with pytest.raises(OSError):
        body.add(b"x" * (SMALL + 1))


async def visitor(room, size, inside, order, name):
    async with room.take(size):
        inside.append(size)
        order.append(name)
        assert sum(min(one, room.size) for one in inside if one > SMALL) <= room.size
        await asyncio.sleep(0.001)
        inside.remove(size)


def test_never_more_than_the_room_and_in_order():
    async def run():
        room, inside, order = Room(100_000), [], []
        sizes = [40_000, 70_000, 20_000, 200_000, 30_000, 90_000, 17_000] * 20
        await asyncio.gather(*(visitor(room, size, inside, order, n) for n, size in enumerate(sizes)))
        assert order == sorted(order)
        return room

    room = asyncio.run(run())
    assert (room.used, room.most) == (0, 100_000)


def test_small_bodies_pass_by_while_others_wait():
    async def run():
        room, order = Room(50_000), []
        async with room.take(50_000):
            waits = asyncio.create_task(visitor(room, 20_000, [], order, "large"))
            await asyncio.sleep(0)
            await visitor(room, SMALL, [], order, "small")
            assert order == ["small"]
        await waits
        return order

    assert asyncio.run(run()) == ["small", "large"]


def test_whoever_gives_up_waiting_takes_no_room():
    async def run():
        room = Room(50_000)
        async with room.take(40_000):
            tasks = [
                asyncio.create_task(visitor(room, size, [], [], size)) for size in (45_000, 9_000, 30_000)
            ]
            await asyncio.sleep(0)
            tasks[0].cancel()
            await asyncio.sleep(0.01)
            tasks[2].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert room.used == 40_000
        ended = asyncio.create_task(visitor(room, 50_000, [], [], "held"))
        async with room.take(50_000):
            await asyncio.sleep(0)
        ended.cancel()  # let in already, but not yet running
        await asyncio.gather(ended, return_exceptions=True)
        return room.used

    assert asyncio.run(run()) == 0
