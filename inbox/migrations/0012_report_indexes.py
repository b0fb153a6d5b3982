"""Indexes from which reports read a year of figures without the rows. Writing costs at most a quarter more (bench/reports.py)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('inbox', '0011_returning')]

    operations = [
        migrations.RemoveIndex(
            model_name='conversation',
            name='conversations_by_opening',
        ),
        migrations.RemoveIndex(
            model_name='response',
            name='responses_of_conversation',
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['workspace', 'created_at'], include=('author_id',), name='comments_by_moment'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(fields=['workspace', 'opened_at', 'id'], include=('contact', 'is_returning', 'opened_channel', 'closed_by_id', 'closed_by_team_id', 'first_assignee_id', 'last_assignee_id', 'first_response_by_id', 'opened_by_source', 'closed_by_source', 'closed_category'), name='conversations_by_opening'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['workspace', 'closed_at', 'id'], include=('contact', 'is_returning', 'opened_channel', 'closed_by_id', 'closed_by_team_id', 'first_assignee_id', 'last_assignee_id', 'first_response_by_id', 'opened_by_source', 'closed_by_source', 'closed_category', 'opened_at', 'first_response_at', 'first_assigned_at', 'last_assigned_at', 'response_after_assignment_at', 'response_count', 'response_ms'), name='conversations_by_closing'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('status', 'cancelled'), _negated=True), fields=['workspace', 'direction', 'created_at'], include=('channel', 'sender_kind', 'user_id', 'sender_id'), name='messages_by_direction'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('direction', 'outgoing'), ('status', 'failed')), fields=['workspace', 'created_at', 'id'], name='messages_failed'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('direction', 'outgoing'), ('sender_kind', 'broadcast'), models.Q(('status', 'cancelled'), _negated=True)), fields=['workspace', 'created_at'], include=('sender_id', 'contact', 'channel'), name='messages_of_broadcasts'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(fields=['workspace', 'conversation_id', 'id'], include=('user_id', 'team_id', 'from_at', 'to_at'), name='responses_of_conversation'),
        ),
    ]
