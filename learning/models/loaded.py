"""What `load_course` remembers."""

from django.db import models


class LoadedContent(models.Model):
    """What `load_course` last wrote for one row, so that it sees what an author changed since."""

    path = models.CharField(max_length=250, unique=True)  # learning.loading.path_of
    digest = models.CharField(max_length=64)
    order = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.path
