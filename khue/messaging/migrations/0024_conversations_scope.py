"""Conversations and all that belongs to them exist only in the scope of their school."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = (
    "datakey", "conversation", "line", "attachment", "reading", "report", "conversationpolicy", "delegation",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("messaging", "0023_conversations")]
    operations = [protect(f"messaging_{table}") for table in TABLES]
