"""Addresses of requests in the portal."""

from django.contrib import admin
from django.urls import path

from tickets import views
from tickets.admin.charges import charges as staff_charges
from tickets.admin.charges import charges_file as staff_charges_file
from tickets.admin.statement import statement as staff_statement
from tickets.admin.statement import statement_file as staff_statement_file
from tickets.views.charges import charges, charges_file
from tickets.views.escalation import ask_for_a_lead
from tickets.views.exclusions import object_to_exclusion
from tickets.views.statement import statement, statement_file, why
from tickets.views.survey import survey

app_name = "tickets"

urlpatterns = [
    path("requests/", views.listing, name="list"),
    path("requests/export.csv", views.export, {"written": "csv"}, name="export_csv"),
    path("requests/export.json", views.export, {"written": "json"}, name="export_json"),
    path("requests/new/", views.new, name="new"),
    path("requests/new/preview/", views.preview, name="preview"),
    path("requests/new/draft/", views.new_draft, name="new_draft"),
    path("requests/<int:number>/", views.detail, name="detail"),
    path("requests/<int:number>/reply/", views.reply, name="reply"),
    path("requests/<int:number>/draft/", views.reply_draft, name="reply_draft"),
    path("requests/<int:number>/close/", views.close, name="close"),
    path("requests/<int:number>/reopen/", views.open_again, name="reopen"),
    path("requests/<int:number>/escalate/", ask_for_a_lead, name="escalate"),
    path("requests/<int:number>/watching/", views.watching, name="watching"),
    path("requests/<int:number>/worse/", views.worse, name="worse"),
    path("requests/<int:number>/files/<uuid:key>/", views.download, name="file"),
    path("requests/<int:number>/exclusions/<int:pk>/object/", object_to_exclusion, name="object"),
    path("files/<str:signed>/", views.signed_file, name="signed_file"),
    path("requests/<int:number>/survey/<int:cycle>/", survey, name="survey"),
    path("requests/<int:number>/why/<slug:metric>/<int:cycle>/", why, name="why"),
    path("support/statement/", statement, name="statement"),
    path("support/statement/export.csv", statement_file, {"kind": "csv"}, name="statement_csv"),
    path("support/statement/export.json", statement_file, {"kind": "json"}, name="statement_json"),
    path("support/charges/", charges, name="charges"),
    path("support/charges/export.csv", charges_file, name="charges_csv"),
    # Beside the organization's own page in the back office, which lies two rooms below.
    path(
        "admin/accounts/organization/<int:pk>/charges/",
        admin.site.admin_view(staff_charges),
        name="staff_charges",
    ),
    path(
        "admin/accounts/organization/<int:pk>/charges/export.csv",
        admin.site.admin_view(staff_charges_file),
        name="staff_charges_csv",
    ),
    # Beside the contract's own page in the back office, which lies a room below.
    path(
        "admin/plans/contract/<int:pk>/statement/",
        admin.site.admin_view(staff_statement),
        name="staff_statement",
    ),
    path(
        "admin/plans/contract/<int:pk>/statement/export.csv",
        admin.site.admin_view(staff_statement_file),
        {"kind": "csv"},
        name="staff_statement_csv",
    ),
    path(
        "admin/plans/contract/<int:pk>/statement/export.json",
        admin.site.admin_view(staff_statement_file),
        {"kind": "json"},
        name="staff_statement_json",
    ),
]
