"""A node with one page more: a form that takes a paper. Served by a real process for test_upload_page.py."""

import sys

from django import forms
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from khue.foundation import media, uploads
from khue.foundation.clock import now
from khue.foundation.extensions import FilePurpose, file_purposes
from khue.foundation.request import Request

PURPOSE = "test.paper"
PAGE = """{% extends "ui/base.html" %}{% from "foundation/upload.html" import upload_field %}
{% block title %}Gửi đề{% endblock %}
{% block content %}
{% if stored %}<p id="stored">{{ stored.name }} {{ stored.size }} {{ stored.sha256 }}</p>{% endif %}
{% call ui.form(csrf(), form) %}{{ upload_field(form.paper, purpose, none) }}{{ ui.submit("Nộp") }}{% endcall %}
{% endblock %}
{% block scripts %}<script type="module" src="{{ static("foundation/upload.js") }}"></script>{% endblock %}
"""


class PaperForm(forms.Form):
    paper = forms.FileField(label="Đề thi")


def paper(request: Request) -> HttpResponse:
    stored = None
    if request.method == "POST":
        stored = uploads.received(
            actor=request.actor, request=request, field="paper", purpose=PURPOSE, organisation_id=None, at=now()
        )
    template = engines["jinja2"].env.from_string(PAGE)
    values = {"request": request, "actor": request.actor, "form": PaperForm(), "stored": stored, "purpose": PURPOSE}
    return HttpResponse(template.render(values))


urlpatterns = [path("paper/", paper), path("", include("khue.urls"))]


def main() -> None:
    settings.DEBUG = True  # so that static files come from the rooms
    settings.ROOT_URLCONF = __name__
    file_purposes.fill(
        PURPOSE, FilePurpose("đề", frozenset({media.PDF}), 40_000_000, lambda actor, _: actor.is_signed_in)
    )
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
