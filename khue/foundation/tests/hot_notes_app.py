"""The front with one more kind of hot write, for tests that start it as a process of its own."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khue.settings")
django.setup()

from khue.foundation.front.application import Front  # noqa: E402  needs the settings
from khue.foundation.hot import registry  # noqa: E402
from khue.foundation.tests.hot_notes import KIND  # noqa: E402

registry.register(KIND)
application = Front()
