"""Addresses of tickets in the API."""

from django.urls import path

from tickets.api.conversation import Attachments, Download, Messages
from tickets.api.events import Feed, TicketEvents
from tickets.api.life import Clocks, Close, Escalate, Reopen
from tickets.api.scope import Exclusions, Objection, OneSurvey, Surveys, Work
from tickets.api.tickets import OneTicket, Tickets

urlpatterns = [
    path("tickets/", Tickets.as_view(), name="tickets"),
    path("tickets/<int:number>/", OneTicket.as_view(), name="ticket"),
    path("tickets/<int:number>/messages/", Messages.as_view(), name="ticket-messages"),
    path("tickets/<int:number>/attachments/", Attachments.as_view(), name="ticket-attachments"),
    path("tickets/<int:number>/attachments/<uuid:key>/", Download.as_view(), name="ticket-attachment"),
    path("tickets/<int:number>/clocks/", Clocks.as_view(), name="ticket-clocks"),
    path("tickets/<int:number>/close/", Close.as_view(), name="ticket-close"),
    path("tickets/<int:number>/reopen/", Reopen.as_view(), name="ticket-reopen"),
    path("tickets/<int:number>/escalate/", Escalate.as_view(), name="ticket-escalate"),
    path("tickets/<int:number>/events/", TicketEvents.as_view(), name="ticket-events"),
    path("tickets/<int:number>/exclusions/", Exclusions.as_view(), name="ticket-exclusions"),
    path("tickets/<int:number>/exclusions/<int:id>/object/", Objection.as_view(), name="ticket-objection"),
    path("tickets/<int:number>/surveys/", Surveys.as_view(), name="ticket-surveys"),
    path("tickets/<int:number>/surveys/<int:cycle>/", OneSurvey.as_view(), name="ticket-survey"),
    path("tickets/<int:number>/work/", Work.as_view(), name="ticket-work"),
    path("events/", Feed.as_view(), name="events"),
]
