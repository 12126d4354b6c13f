"""The admin site as an app: Django's own, under our site class."""

from django.contrib.admin.apps import AdminConfig


class KeptAdminConfig(AdminConfig):
    default_site = "portal.admin_site.KeptAdminSite"
