"""How large a socket's message may be."""

import sys
from typing import Any

MOST_BYTES = 65_536


def bound() -> None:
    """Make Daphne cut off what is larger: by itself it takes messages of any size into memory."""
    server: Any = sys.modules.get("daphne.server")  # importing it would install its event loop
    if server is None:
        return

    class Factory(server.WebSocketFactory):  # type: ignore[misc]
        def setProtocolOptions(self, **options: Any) -> None:
            super().setProtocolOptions(maxMessagePayloadSize=MOST_BYTES, **options)

    server.WebSocketFactory = Factory
