"""The front: hot and live door, static files, and the way to the pages behind. Run by granian --interface asgi."""

import os
import resource

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khue.settings")
django.setup()

from khue.foundation.front.application import Front  # noqa: E402  needs the settings

# Every open stream holds a file descriptor, and the usual soft limit of 1,024 is for other programs.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_hard, _hard))

application = Front()
