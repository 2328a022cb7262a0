"""What waits in the broker."""

import json

from config.celery import app


def waiting(queue: str = "score") -> list[str]:
    """Takes every job out of a queue; the first argument of each."""
    return [arguments[0] for arguments in jobs(queue)]


def jobs(queue: str) -> list[list[str]]:
    """Takes every job out of a queue; the arguments of each."""
    found = []
    with app.connection_for_read() as connection, connection.channel() as channel:
        channel.queue_declare(queue, durable=True)
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            found.append(json.loads(message.body)[0])
    return found
