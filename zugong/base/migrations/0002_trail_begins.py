"""The chain begins with an empty head."""

from django.db import migrations


def begin(apps, schema_editor):
    apps.get_model("base", "TrailHead").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
