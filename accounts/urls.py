"""Addresses of a person's own pages; signing in and out is under ``account/``."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [path("preferences/", views.preferences, name="preferences")]
