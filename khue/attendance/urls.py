from datetime import date

from django.urls import path, register_converter

from khue.attendance import views


class DayConverter:
    """A day in an address: 2026-11-23."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "attendance"
urlpatterns = [
    path("attendance/", views.today, name="today"),
    path("attendance/<uuid:slot_id>/<day:day>/", views.roll, name="roll"),
    path("attendance/pupils/<uuid:enrolment_id>/", views.pupil, name="pupil"),
]
