"""`manage.py load_course`: the courses and books of learning/content/, into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learning import course_file, course_folder, loaded_files, loading
from learning.course_part import FOLDER
from learning.loading import Report
from learning.shelf import reading, rows
from learning.shelf.reading import BOOK
from learning.syllabus.reading import COURSE
from learning.yamlfile import Refused


class Command(BaseCommand):
    help = "Loads courses and books. What an author changed in admin since the last load stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "courses",
            nargs="*",
            type=Path,
            help=f"files, or folders with {COURSE} or {BOOK}; default: those of learning/content/",
        )
        parser.add_argument(
            "--if-changed",
            action="store_true",
            help="not if the last load was of these very files, by the same code",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        courses = options["courses"] or shipped()
        tell = options["verbosity"] > 0
        refused = []
        try:
            files = loaded_files.fingerprint(courses)  # first: what changes meanwhile is not in it
        except OSError as error:
            raise CommandError(str(error)) from error
        if options["if_changed"] and loaded_files.are_loaded(files):
            if tell:
                self.stdout.write("The files have not changed since they were loaded.")
            return
        kept: list[str] = []
        for order, path in enumerate(courses, 1):
            try:
                kept += self._load(path, order, tell).kept
            except (Refused, OSError) as error:
                refused.append(str(error))
        if refused:
            raise CommandError("\n".join(refused))
        if not kept:  # what an author takes back is loaded again, so then look every time
            loaded_files.remember(files)

    def _load(self, path: Path, order: int, tell: bool) -> Report:
        left_out: tuple[str, ...] = ()
        if (path / BOOK).is_file():
            course = rows.part(reading.read_book(path))
        elif path.is_dir():
            course, left_out = course_folder.read_course(path)
        else:
            course = course_file.read_course(path)
        report = loading.load(course, order)
        if tell:
            self.stdout.write(f"{path.name}: {report}")
            for kept in report.kept:
                self.stdout.write(f"  {kept}: changed in admin, left as it is")
            for slug in left_out:
                self.stdout.write(f"  {course.key}/{slug}: not all written yet, left out")
        return report


def shipped() -> list[Path]:
    """The courses and then the books that come with Cotorra."""
    folders = [path.parent for path in FOLDER.glob(f"*/{COURSE}")]
    return [*sorted([*folders, *FOLDER.glob("*.yaml")]), *reading.shipped()]
