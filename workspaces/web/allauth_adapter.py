"""How log-in, password reset and second factor behave in this product."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from workspaces.actions import go_offline
from workspaces.queries import workspaces_of_person
from workspaces.scope import workspace_scope
from workspaces.web.scoping import member_actor

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation; mail names the address that people open, never the Host header of a request."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        user_part, _, secret = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_part, "key": secret})
        return f"{settings.BASE_URL}{path}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        del request
        return reverse("account_security")

    def logout(self, request: HttpRequest) -> None:
        """End the sign-in, and with it the person's presence everywhere; another open sign-in brings it back."""
        user_id = request.user.pk
        super().logout(request)
        if user_id is None:
            return
        after_log_out: Callable[..., int] = import_string(settings.AFTER_LOG_OUT)
        for choice in workspaces_of_person(user_id):
            with workspace_scope(choice.id):
                actor = member_actor(user_id=user_id, workspace_id=choice.id, request_id="")
                go_offline(actor=actor, at=timezone.now())
            # In a scope of its own, because it waits for the contacts that others are at work on.
            with workspace_scope(choice.id):
                after_log_out(actor=actor, at=timezone.now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, and shrug off a silent mail server: the answer must not tell whether an address has an account."""
        try:
            super().send_mail(template_prefix, email, {**context, "base_url": settings.BASE_URL})
        except OSError:  # every failure of SMTP, of the network and of the folder is one
            logger.exception("mail not sent: template=%s", template_prefix)
