"""The event loop of the server in this process, for threads that have news for its sockets.

The in-memory channel layer is not thread-safe: a push from a worker's thread must be handed to this
loop with `asyncio.run_coroutine_threadsafe`, or it waits for the loop's next wake-up.
"""

import asyncio

_loop: asyncio.AbstractEventLoop | None = None


def remember(loop: asyncio.AbstractEventLoop | None) -> None:
    global _loop
    _loop = loop


def current() -> asyncio.AbstractEventLoop | None:
    """The loop that serves the sockets of this process; None in a process that serves none."""
    return _loop
