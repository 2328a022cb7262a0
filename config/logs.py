"""One line a record, so that a log can be read with grep."""

import logging


class OneLine(logging.Formatter):
    """Folds line breaks, those of tracebacks and of logged input too, into a visible sign."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\r", "").replace("\n", " ⏎ ")
