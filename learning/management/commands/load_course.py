"""`manage.py load_course`: the courses of learning/content/, into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learning import course_file, course_folder, loading
from learning.course_part import FOLDER
from learning.syllabus.reading import COURSE
from learning.yamlfile import Refused


class Command(BaseCommand):
    help = "Loads courses. What an author changed in admin since the last load stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "courses",
            nargs="*",
            type=Path,
            help=f"files, or folders with a {COURSE}; default: those of learning/content/",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refused = []
        for order, path in enumerate(options["courses"] or shipped(), 1):
            try:
                self._load(path, order, options["verbosity"] > 0)
            except (Refused, OSError) as error:
                refused.append(str(error))
        if refused:
            raise CommandError("\n".join(refused))

    def _load(self, path: Path, order: int, tell: bool) -> None:
        left_out: tuple[str, ...] = ()
        if path.is_dir():
            course, left_out = course_folder.read_course(path)
        else:
            course = course_file.read_course(path)
        report = loading.load(course, order)
        if not tell:
            return
        self.stdout.write(f"{path.name}: {report}")
        for kept in report.kept:
            self.stdout.write(f"  {kept}: changed in admin, left as it is")
        for slug in left_out:
            self.stdout.write(f"  {course.key}/{slug}: not all written yet, left out")


def shipped() -> list[Path]:
    """The courses that come with Cotorra."""
    folders = [path.parent for path in FOLDER.glob(f"*/{COURSE}")]
    return sorted([*folders, *FOLDER.glob("*.yaml")])
