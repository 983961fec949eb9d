from django.urls import path

from khue.payments import views

app_name = "payments"
urlpatterns = [
    path("payments/", views.invoices, name="invoices"),
    path("payments/<uuid:public_id>/", views.invoice, name="invoice"),
]
