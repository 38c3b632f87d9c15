"""Followers of the head that ask for as much as they may, and read it or not."""

from __future__ import annotations

from .attack import Attack, Target, ask, connected, receive, request

FOLLOWS, OPERATIONS = 4, 16


async def whole_state_often(target: Target, times: int) -> str:
    """Ask for the whole state in all operations that a client may have, `times` in each, and read it."""
    async with connected(target) as socket:
        head = (await ask(socket, "chain_getBlockHash"))["result"]
        names = [(await ask(socket, "chainHead_v1_follow", False))["result"] for _ in range(FOLLOWS)]
        query = [{"key": "0x", "type": "descendantsHashes"}] * times
        for name in names:
            for _ in range(OPERATIONS // times):
                await socket.send_bytes(request("chainHead_v1_storage", name, head, query))
        answers = started = done = 0
        while answers < FOLLOWS * (OPERATIONS // times) or done < started:
            message = await receive(socket)
            if "id" in message:
                answers += 1
                started += message["result"]["result"] == "started"
            elif message["params"]["result"]["event"] == "operationStorageDone":
                done += 1
        refused = (await ask(socket, "chainHead_v1_follow", False))["error"]["code"]
        assert refused == -32800, f"expected no fifth subscription, got {refused}"
        return f"{done} operations done"


async def without_reading(target: Target, count: int) -> str:
    """Ask for values of the whole state, and for differences, again and again, without reading anything."""
    async with connected(target) as socket:
        head = (await ask(socket, "chain_getBlockHash"))["result"]
        name = (await ask(socket, "chainHead_v1_follow", False))["result"]
        everything = [{"key": "0x", "type": "descendantsValues"}]
        for _ in range(count):
            await socket.send_bytes(request("chainHead_v1_storage", name, head, everything))
            await socket.send_bytes(request("archive_v1_storage", head, everything))
            await socket.send_bytes(request("archive_v1_storageDiff", head, []))
        return f"{3 * count} requests"


ATTACKS = [
    Attack("all operations of four followers over the whole state", whole_state_often, small=2, full=1),
    Attack("storage and differences, of which nothing is read", without_reading, small=30, full=1_000),
]
