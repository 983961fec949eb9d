from django.urls import path

from khue.gradebook.views import books, classes, phrases, pupils

app_name = "gradebook"
urlpatterns = [
    path("marks/", books.books, name="books"),
    path("marks/open/<uuid:class_subject_id>/", books.open_book, name="open"),
    path("marks/books/<uuid:book_id>/", books.book, name="book"),
    path("marks/books/<uuid:book_id>/cells", books.cells, name="cells"),
    path("marks/books/<uuid:book_id>/add-column/", books.add_column, name="add_column"),
    path("marks/books/<uuid:book_id>/lock/", books.lock, name="lock"),
    path("marks/columns/<uuid:column_id>/", books.column, name="column"),
    path("marks/columns/<uuid:column_id>/correct/<int:enrolment_id>/", books.ask_correction, name="ask_correction"),
    path("marks/corrections/", books.corrections, name="corrections"),
    path("marks/corrections/<uuid:correction_id>/decide/", books.decide_correction, name="decide_correction"),
    path("marks/classes/", classes.classes, name="classes"),
    path("marks/classes/<uuid:class_id>/", classes.sheet, name="sheet"),
    path("marks/classes/<uuid:class_id>/sheet.xlsx", classes.sheet_file, name="sheet_file"),
    path("marks/classes/<uuid:class_id>/recompute/", classes.recompute, name="recompute"),
    path("marks/classes/<uuid:class_id>/conduct/<int:number>/", classes.conduct, name="conduct"),
    path("marks/classes/<uuid:class_id>/meeting/", classes.meeting, name="meeting"),
    path("marks/classes/<uuid:class_id>/meeting/approve/", classes.approve_meeting, name="approve_meeting"),
    path("marks/missing/", classes.missing, name="missing"),
    path("marks/windows/", classes.windows, name="windows"),
    path("marks/windows/<slug:kind>/remove/", classes.remove_window, name="remove_window"),
    path("marks/phrases/", phrases.phrases, name="phrases"),
    path("marks/phrases/<uuid:phrase_id>/remove/", phrases.remove, name="remove_phrase"),
    path("marks/pupils/<uuid:enrolment_id>/year/", pupils.year, name="year"),
    path("marks/pupils/<uuid:enrolment_id>/notice/", pupils.notice, name="notice"),
    path("marks/pupils/<uuid:enrolment_id>/decisions/", pupils.decisions, name="decisions"),
    path("marks/pupils/<uuid:enrolment_id>/decisions/<slug:deed>/", pupils.decide, name="decide"),
    path("marks/mine/", books.mine, name="mine"),
    path("marks/pupils/<uuid:enrolment_id>/", books.report, name="report"),
]
