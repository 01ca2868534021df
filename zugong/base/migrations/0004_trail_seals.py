"""Entries get a seal, and an index of the records they changed besides the one they name."""

import json

from django.db import migrations, models


def fill(apps, schema_editor):
    entries, touch = apps.get_model("base", "TrailEntry").objects, apps.get_model("base", "TrailTouch")
    told = entries.filter(values__contains='"changes"').order_by("number").values_list("number", "subject", "values")
    rows = []
    for number, subject, values in told.iterator(chunk_size=500):
        rows += [touch(number=number, key=key) for key in {k[:120] for k in json.loads(values).get("changes", {})} - {subject}]
    touch.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [("base", "0003_trail_channel")]

    operations = [
        migrations.AddField(
            model_name="trailentry",
            name="seal",
            field=models.CharField(blank=True, max_length=64, verbose_name="封印"),
        ),
        migrations.CreateModel(
            name="TrailTouch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(db_index=True)),
                ("key", models.CharField(max_length=120)),
            ],
            options={"indexes": [models.Index(fields=["key", "number"], name="base_trailt_key_e20572_idx")]},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
