"""News is written in the scope of its place, and what was published is read by everybody."""

from django.db import migrations

from khue.foundation.rls import protect

STAYS = "REVOKE DELETE, TRUNCATE ON news_article, news_campaign, news_reads FROM khue_app;"
GOES = "GRANT DELETE, TRUNCATE ON news_article, news_campaign, news_reads TO khue_app;"


class Migration(migrations.Migration):
    dependencies = [("news", "0001_initial")]
    operations = [
        protect("news_campaign", "body_id", also_readable="true"),
        protect("news_article", also_readable="published_at IS NOT NULL"),
        protect("news_reads"),
        migrations.RunSQL(STAYS, GOES),
    ]
