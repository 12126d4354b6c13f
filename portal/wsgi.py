"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from portal.chunked import with_length

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = with_length(get_wsgi_application())
