"""Who answered a request to export is kept as it read then."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("base", "0008_who_one_is")]

    operations = [
        migrations.RemoveField(model_name="exportrequest", name="decided_by"),
        migrations.AddField(
            model_name="exportrequest",
            name="decided_by",
            field=models.CharField(blank=True, default="", max_length=140, verbose_name="答复人"),
            preserve_default=False,
        ),
    ]
