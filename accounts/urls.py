"""Addresses of a person's own pages; signing in and out is under ``account/``."""

from django.urls import path

from accounts.views import notices, preferences

app_name = "accounts"

urlpatterns = [
    path("preferences/", preferences.preferences, name="preferences"),
    path("notices/", notices.notices, name="notices"),
]
