from django.urls import URLPattern, path

from khue.schools.views import calendar, classes, enrolments, roster, teaching

app_name = "schools"
urlpatterns: list[URLPattern] = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/new/", calendar.new_year, name="new_year"),
    path("years/<uuid:year_id>/terms/", calendar.terms, name="terms"),
    path("years/<uuid:year_id>/holidays/", calendar.add_holiday, name="add_holiday"),
    path("years/<uuid:year_id>/make-up-days/", calendar.add_make_up_day, name="add_make_up_day"),
    path("years/<uuid:year_id>/days/remove/", calendar.remove_days, name="remove_days"),
    path("classes/", classes.classes, name="classes"),
    path("years/<uuid:year_id>/classes/new/", classes.new_class, name="new_class"),
    path("classes/<uuid:public_id>/", classes.school_class, name="class"),
    path("classes/<uuid:public_id>/change/", classes.change_class, name="change_class"),
    path("classes/<uuid:public_id>/close/", classes.close_class, name="close_class"),
    path("classes/<uuid:public_id>/reopen/", classes.reopen_class, name="reopen_class"),
    path("classes/<uuid:public_id>/homeroom/", classes.homeroom, name="homeroom"),
    path("classes/<uuid:public_id>/enrol/", enrolments.enrol, name="enrol"),
    path("classes/<uuid:public_id>/enrol/<uuid:person_id>/", enrolments.enrol_known, name="enrol_known"),
    path("enrolments/<uuid:public_id>/move/", enrolments.move, name="move_pupil"),
    path("enrolments/<uuid:public_id>/leave/", enrolments.leave, name="leave_class"),
    path("teaching/", teaching.teaching, name="teaching"),
    path("teaching/loads/", teaching.loads, name="loads"),
    path("years/<uuid:year_id>/subjects/", teaching.add_subjects, name="add_subjects"),
    path("teaching/<uuid:public_id>/", teaching.teachers, name="teachers"),
    path("teaching/<uuid:public_id>/periods/", teaching.periods, name="periods"),
    path("classes/<uuid:public_id>/electives/", teaching.electives, name="electives"),
    path("classes/<uuid:public_id>/electives/offer/", teaching.offer_elective, name="offer_elective"),
    path("rosters/", roster.roster_imports, name="roster_imports"),
    path("rosters/years/<uuid:year_id>/excel/", roster.excel, name="roster_excel"),
    path("rosters/years/<uuid:year_id>/oneroster/", roster.oneroster, name="roster_oneroster"),
    path("rosters/<uuid:public_id>/", roster.roster_import, name="roster_import"),
    path("rosters/<uuid:public_id>/columns/", roster.choose_columns, name="choose_columns"),
    path("rosters/<uuid:public_id>/confirm/", roster.confirm, name="confirm_roster"),
    path("rosters/<uuid:public_id>/cancel/", roster.cancel, name="cancel_roster"),
]
