"""What schools and offices keep here is seen in their scope; what was published, by everybody."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_cube_reports_index_support")]
    operations = [
        protect("indicators_monthlycount"),
        protect("indicators_reportedcount"),
        protect("indicators_opendataset", also_readable="true"),
        protect("indicators_schoolassessment", also_readable="published_at IS NOT NULL"),
        protect("indicators_criterionclaim"),
        protect("indicators_periodreport"),
        protect("indicators_reportdeadline", also_readable="true"),
        protect("indicators_supportprogramme", also_readable="true"),
        protect("indicators_supporteddevice"),
        protect("indicators_deviceholding"),
    ]
