from django.urls import path

from inbox.api.custom_webhook import custom_webhook

urlpatterns = [
    path("custom/webhook", custom_webhook, name="custom_webhook"),
    path("custom/channel/webhook/", custom_webhook, name="custom_channel_webhook"),
]
