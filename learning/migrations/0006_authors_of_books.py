"""The group of authors gets the books, where a migration before gave it no rights on them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AUTHORS = "Autores"
BOOKS = {"content_type__app_label": "learning", "content_type__model__in": ["book", "page"]}


def give_books(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Once. Where the rights are not there yet, learning.authoring.role gives them."""
    using = editor.connection.alias
    group = apps.get_model("auth", "Group").objects.using(using).filter(name=AUTHORS).first()
    if group is None or group.permissions.filter(**BOOKS).exists():
        return
    group.permissions.add(
        *apps.get_model("auth", "Permission").objects.using(using).filter(**BOOKS)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0005_preference"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(give_books, migrations.RunPython.noop)]
