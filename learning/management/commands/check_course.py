"""`manage.py check_course`: what the A1 course has and lacks, from its files alone."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from learning.course_part import FOLDER
from learning.syllabus.checking import early, figures, near_duplicates, problems
from learning.syllabus.content import NOTHING, Course
from learning.syllabus.mexican import only_of_spain
from learning.syllabus.reading import read_course
from learning.yamlfile import Refused

ALLOWED = "permitidas.txt"  # words that examples and exercises may use before they are taught


class Command(BaseCommand):
    help = "Checks a course folder, without a database. Ends with 1 where there are problems."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=FOLDER / "a1")
        parser.add_argument("--unit", default="", help="only this unit, by its slug")
        parser.add_argument("--json", action="store_true", help="figures and problems as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, only = options["folder"], options["unit"]
        try:
            course = read_course(folder, only)
            wrong = problems(course, only)
        except (Refused, OSError) as error:
            course, wrong = Course("", NOTHING, NOTHING, ()), [str(error)]
        counts = figures(course, only)
        if options["json"]:
            self.stdout.write(json.dumps({**counts, "problems": wrong}, ensure_ascii=False))
        else:
            self._list("problems", wrong)
            self._list("warnings", _warnings(course, folder, only))
            self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
        if wrong:
            sys.exit(1)

    def _list(self, title: str, lines: list[str]) -> None:
        self.stdout.write("\n  ".join([f"{len(lines)} {title}", *lines]))


def _warnings(course: Course, folder: Path, only: str) -> list[str]:
    """What is no problem, and yet worth a look."""
    units = [unit for unit in course.units if only in ("", unit.slug)]
    ids = {exercise.id for unit in units for exercise in unit.exercises()}
    near = near_duplicates(course.exercises())
    found = [f"{a} is much like {b}" for a, b in near.items() if a in ids]
    found += [each for unit in units for each in only_of_spain(unit)]
    path = folder / ALLOWED
    allowed = path.read_text("utf-8").split() if path.is_file() else []
    return early(course, allowed, only) + found
