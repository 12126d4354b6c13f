"""Addresses of a person's own pages; signing in and out is under ``account/``."""

from django.urls import path

from accounts.views import preferences

app_name = "accounts"

urlpatterns = [path("preferences/", preferences.preferences, name="preferences")]
