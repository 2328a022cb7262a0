"""`manage.py check_shelf`: what the books lack, from their files alone."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from learning.shelf.checking import hints, lacking
from learning.shelf.reading import parse, shipped
from learning.yamlfile import Refused


class Command(BaseCommand):
    help = "Checks the folders of books, without a database. Ends with 1 where there are problems."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("books", nargs="*", type=Path, help="folders; default: the whole shelf")

    def handle(self, *args: Any, **options: Any) -> None:
        found: list[str] = []
        warnings: list[str] = []
        books = options["books"] or shipped()
        for folder in books:
            try:
                book = parse(folder)
                found += map(str, lacking(book))
                warnings += map(str, hints(book))
            except (Refused, OSError) as error:
                found.append(str(error))
        self.stdout.write("\n  ".join([f"{len(found)} problems", *found]))
        self.stdout.write("\n  ".join([f"{len(warnings)} warnings", *warnings]))
        self.stdout.write(f"{len(books)} books")
        if found:
            sys.exit(1)
