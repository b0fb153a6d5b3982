from django.urls import path

from inbox.web.views import mail

urlpatterns = [path("w/<int:workspace_id>/inbox/mails/<int:message_id>", mail.inbox_mail, name="inbox_mail")]
