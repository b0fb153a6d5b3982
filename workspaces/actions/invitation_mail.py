"""The mail that brings an invitation. It leaves after the transaction, so that no mail speaks of a row that is not there."""

import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from workspaces.models import Invitation, User, Workspace
from workspaces.permissions import ROLE_NAMES, Role

logger = logging.getLogger(__name__)
TEMPLATES = "workspaces/people/mail"


def send_invitation(invitation: Invitation, *, secret: str, workspace: Workspace) -> None:
    """Send the invitation once the open transaction has committed, in the language of the workspace.

    A mail server that does not answer is logged; the invitation waits on the users page, where it can be sent again.
    """
    inviter = User.objects.filter(pk=invitation.invited_by_id or 0).first()
    with translation.override(workspace.language):
        facts = {
            "workspace_name": workspace.name,
            "inviter_name": inviter.name if inviter else settings.DEFAULT_FROM_EMAIL,
            "role_name": str(ROLE_NAMES[Role(invitation.role)]),
            "link": f"{settings.BASE_URL}{reverse('invitation', args=[secret])}",
            "expires_at": invitation.expires_at,
            "language": workspace.language,
        }
        mail = EmailMultiAlternatives(
            subject=" ".join(render_to_string(f"{TEMPLATES}/invitation_subject.txt", facts).split()),
            body=render_to_string(f"{TEMPLATES}/invitation.txt", facts),
            to=[invitation.email],
        )
        mail.attach_alternative(render_to_string(f"{TEMPLATES}/invitation.html", facts), "text/html")
    transaction.on_commit(lambda: _send(mail, invitation_id=invitation.pk))


def _send(mail: EmailMultiAlternatives, *, invitation_id: int) -> None:
    try:
        mail.send()
    except OSError:  # every failure of SMTP, of the network and of the folder is one
        logger.exception("invitation not sent: invitation=%s", invitation_id)
