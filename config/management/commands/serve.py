"""`manage.py serve`: the whole of Cotorra in one process, for one machine."""

import datetime
import socket
from argparse import ArgumentParser
from typing import Any

from daphne.server import Server, twisted_loop
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from twisted.internet.endpoints import quoteStringArgument

from config import certificate, server_loop
from config.one_process import jobs
from config.static_files import collect_if_changed

ALL_INTERFACES = "0.0.0.0"
THIS_MACHINE = "127.0.0.1"


class Command(BaseCommand):
    help = "Serves pages and sockets, and works on jobs, in one process (with HTTPS=1 at home)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="8000, or 8443 with HTTPS=1")
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="first bring database, course and static files up to date",
        )

    def handle(self, *args: Any, port: int | None, prepare: bool, **options: Any) -> None:
        if settings.REDIS_URL:
            raise CommandError(
                "REDIS_URL is set: start `daphne config.asgi:application`, "
                "`celery -A config worker -Q score,narrate,maintain` and `celery -A config beat`."
            )
        port = port or (8443 if settings.HTTPS else 8000)
        interface = ALL_INTERFACES if settings.HTTPS else THIS_MACHINE
        refuse_taken(interface, port)
        if prepare:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("load_course", if_changed=True, verbosity=0)
            collect_if_changed()
        endpoint = f"tcp:port={port}:interface={interface}"
        if settings.HTTPS:
            addresses = certificate.home_addresses()
            endpoint = secure_endpoint(interface, port, addresses)
            self.stdout.write("On a phone in the same network open:")
            for address in addresses or certificate.host_names():
                self.stdout.write(f"    https://{address}:{port}")
            self.stdout.write("The browser warns once that it does not know the certificate.")
        else:
            self.stdout.write(f"Cotorra is at http://{THIS_MACHINE}:{port}")
        self.stdout.write("Ctrl+C stops it.")
        self.stdout.flush()

        from config.asgi import application

        server_loop.remember(twisted_loop)
        with jobs():
            Server(application, endpoints=[endpoint]).run()


def refuse_taken(interface: str, port: int) -> None:
    """Say so plainly when something else listens on the port already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((interface, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Is Cotorra running already? "
                f"Otherwise choose another one: make run PORT={port + 1}"
            ) from error


def secure_endpoint(interface: str, port: int, addresses: list[str]) -> str:
    hosts = ["localhost", THIS_MACHINE, *addresses, *certificate.host_names()]
    folder = settings.VAR_DIR / "certificate"
    cert, key = certificate.ensure(folder, hosts, datetime.datetime.now(datetime.UTC))
    return (
        f"ssl:port={port}:interface={interface}"
        f":certKey={quoteStringArgument(str(cert))}:privateKey={quoteStringArgument(str(key))}"
    )
