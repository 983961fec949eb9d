"""The front: hot and live door, static files, and the way to the pages behind. Run by granian --interface asgi."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khue.settings")
django.setup()

from khue.foundation.front.application import Front  # noqa: E402  needs the settings

application = Front()
