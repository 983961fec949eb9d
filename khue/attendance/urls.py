from datetime import date

from django.urls import path, register_converter

from khue.attendance.views import leave, log, meals, months, rolls, school


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
    path("attendance/", rolls.today, name="today"),
    path("attendance/<uuid:slot_id>/<day:day>/", rolls.roll, name="roll"),
    path("attendance/<uuid:slot_id>/<day:day>/send/", rolls.send, name="send"),
    path("attendance/<uuid:slot_id>/<day:day>/log/", log.lesson, name="lesson"),
    path("attendance/pupils/<uuid:enrolment_id>/", rolls.pupil, name="pupil"),
    path("attendance/pupils/<uuid:enrolment_id>/leave/", leave.ask, name="ask_leave"),
    path("attendance/leave/", leave.leave_list, name="leave_list"),
    path("attendance/leave/<uuid:public_id>/", leave.leave, name="leave"),
    path("attendance/leave/<uuid:public_id>/decide/", leave.decide, name="decide_leave"),
    path("attendance/leave/<uuid:public_id>/withdraw/", leave.withdraw, name="withdraw_leave"),
    path("attendance/unwritten/", log.unwritten, name="unwritten"),
    path("attendance/plans/<uuid:class_subject_id>/", log.plan, name="plan"),
    path("attendance/logs/", months.months, name="months"),
    path("attendance/logs/rules/", months.rules, name="log_rules"),
    path("attendance/logs/<uuid:class_id>/", log.week, name="week"),
    path("attendance/logs/<uuid:class_id>/week.pdf", log.week_paper, name="week_paper"),
    path("attendance/logs/<uuid:class_id>/close/", log.close, name="close_week"),
    path("attendance/classes/<uuid:class_id>/", school.class_year, name="class_year"),
    path("attendance/school/", school.day, name="day"),
    path("attendance/meals/", meals.meals, name="meals"),
]
