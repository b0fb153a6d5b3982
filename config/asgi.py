"""Sockets only; pages and the API are served by config/wsgi.py."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from config.roles import refuse_dangerous_role  # noqa: E402 - Django must be set up first
from inbox.consumers.application import application as make_application  # noqa: E402

refuse_dangerous_role()
application = make_application()
