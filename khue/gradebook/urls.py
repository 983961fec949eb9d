from django.urls import path

from khue.gradebook import views

app_name = "gradebook"
urlpatterns = [
    path("marks/", views.books, name="books"),
    path("marks/open/<uuid:class_subject_id>/", views.open_book, name="open"),
    path("marks/books/<uuid:book_id>/", views.book, name="book"),
    path("marks/books/<uuid:book_id>/cells", views.cells, name="cells"),
    path("marks/books/<uuid:book_id>/add-column/", views.add_column, name="add_column"),
    path("marks/books/<uuid:book_id>/lock/", views.lock, name="lock"),
    path("marks/columns/<uuid:column_id>/", views.column, name="column"),
    path("marks/columns/<uuid:column_id>/correct/<int:enrolment_id>/", views.ask_correction, name="ask_correction"),
    path("marks/corrections/", views.corrections, name="corrections"),
    path("marks/corrections/<uuid:correction_id>/decide/", views.decide_correction, name="decide_correction"),
    path("marks/mine/", views.mine, name="mine"),
    path("marks/pupils/<uuid:enrolment_id>/", views.report, name="report"),
]
