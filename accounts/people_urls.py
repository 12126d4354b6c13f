"""Addresses of contacts and invitations."""

from django.urls import path

from accounts.views import contacts, invitation

app_name = "people"

urlpatterns = [
    path("your-support/contacts/", contacts.contacts, name="contacts"),
    path("your-support/contacts/new/", contacts.propose, name="propose"),
    path("your-support/contacts/<int:pk>/", contacts.change, name="contact"),
    path("your-support/contacts/<int:pk>/revoke/", contacts.revoke, name="revoke"),
    path("your-support/contacts/<int:pk>/approve/", contacts.approve, name="approve"),
    path("your-support/contacts/<int:pk>/invite/", contacts.invite, name="invite"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
]
