import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config.roles import refuse_dangerous_role  # noqa: E402 - Django must be set up first

refuse_dangerous_role()
