"""Whose place in an admission it is, and why an office judged it otherwise than what the family wrote."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schools", "0012_admission_planned_by")]

    operations = [
        migrations.AddField("admissionplace", "child", models.CharField(max_length=64, default="")),
        migrations.AddField("admissionplace", "judged", models.TextField(default="")),
        migrations.AddIndex("admissionplace", models.Index(fields=["plan", "child"], name="admission_child")),
    ]
