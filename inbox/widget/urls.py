from django.urls import path

from inbox.widget import pages, views

urlpatterns = [
    path("<slug:key>.js", pages.loader, name="widget_loader"),
    path("<slug:key>/frame", pages.frame, name="widget_frame"),
    path("<slug:key>/session", views.Session.as_view(), name="widget_session"),
    path("<slug:key>/messages", views.Messages.as_view(), name="widget_messages"),
    path("<slug:key>/receipts", views.Receipts.as_view(), name="widget_receipts"),
    path("<slug:key>/uploads", views.Uploads.as_view(), name="widget_uploads"),
]
