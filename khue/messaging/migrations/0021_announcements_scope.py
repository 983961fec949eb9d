"""Announcements, surveys and consent sheets are seen in the scope of their school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("messaging", "0020_announcements")]
    operations = [
        protect("messaging_announcement"),
        protect("messaging_announcementclass"),
        protect("messaging_announcementfile"),
        protect("messaging_announcementcopy"),
        protect("messaging_survey"),
        protect("messaging_surveyquestion"),
        protect("messaging_surveychoice"),
        protect("messaging_surveyreply"),
        protect("messaging_surveyanswer"),
        protect("messaging_surveytally"),
        protect("messaging_consentsheet"),
        protect("messaging_consentsignature"),
        protect("messaging_consentruling"),
    ]
