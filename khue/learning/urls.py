from django.urls import path

from khue.learning import views

app_name = "learning"
urlpatterns = [
    path("courses/", views.courses, name="courses"),
    path("courses/<uuid:class_subject_id>/", views.course, name="course"),
    path("courses/<uuid:class_subject_id>/new-lesson/", views.new_lesson, name="new_lesson"),
    path("lessons/<uuid:lesson_id>/", views.lesson, name="lesson"),
    path("lessons/<uuid:lesson_id>/change/", views.change_lesson, name="change_lesson"),
    path("lessons/<uuid:lesson_id>/items/", views.add_item, name="add_item"),
    path("lessons/<uuid:lesson_id>/items/<int:item_id>/remove/", views.remove_item, name="remove_item"),
    path("lessons/<uuid:lesson_id>/publish/", views.publish, name="publish"),
    path("lessons/<uuid:lesson_id>/move/", views.move, name="move"),
    path("lessons/<uuid:lesson_id>/complete/", views.complete, name="complete"),
]
