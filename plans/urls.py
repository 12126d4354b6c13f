"""Addresses of the terms, as customers read them."""

from django.urls import path

from plans import views

app_name = "plans"

urlpatterns = [path("your-support/", views.your_support, name="your_support")]
