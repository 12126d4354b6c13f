"""Addresses of requests in the portal."""

from django.urls import path

from tickets import views

app_name = "tickets"

urlpatterns = [
    path("requests/", views.listing, name="list"),
    path("requests/export.csv", views.export, {"written": "csv"}, name="export_csv"),
    path("requests/export.json", views.export, {"written": "json"}, name="export_json"),
    path("requests/new/", views.new, name="new"),
    path("requests/new/preview/", views.preview, name="preview"),
    path("requests/<int:number>/", views.detail, name="detail"),
    path("requests/<int:number>/reply/", views.reply, name="reply"),
    path("requests/<int:number>/close/", views.close, name="close"),
    path("requests/<int:number>/reopen/", views.open_again, name="reopen"),
    path("requests/<int:number>/worse/", views.worse, name="worse"),
    path("requests/<int:number>/files/<uuid:key>/", views.download, name="file"),
]
