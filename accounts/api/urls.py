"""Addresses of people and organizations in the API."""

from django.urls import path

from accounts.api.organizations import Contacts, OneOrganization, Organizations

urlpatterns = [
    path("organizations/", Organizations.as_view(), name="organizations"),
    path("organizations/<slug:slug>/", OneOrganization.as_view(), name="organization"),
    path("contacts/", Contacts.as_view(), name="contacts"),
]
