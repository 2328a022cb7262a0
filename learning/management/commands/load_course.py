"""`manage.py load_course`: the courses of learning/content/, into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learning import loading
from learning.course_file import FOLDER, read_course
from learning.yamlfile import Refused


class Command(BaseCommand):
    help = "Loads course files. What an author changed in admin since the last load stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="default: learning/content/*.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"] or sorted(FOLDER.glob("*.yaml"))
        refused = []
        for order, path in enumerate(files, 1):
            try:
                report = loading.load(read_course(path), order)
            except (Refused, OSError) as error:
                refused.append(str(error))
                continue
            if options["verbosity"] < 1:
                continue
            self.stdout.write(f"{path.name}: {report}")
            for kept in report.kept:
                self.stdout.write(f"  {kept}: changed in admin, left as it is")
        if refused:
            raise CommandError("\n".join(refused))
