"""The ticket table as a Peewee model; the journal's and the customers' stand beside their queries.

Models are not bound to a database: every query names the store that it runs on, so two
stores may be open in one process.  Rows never leave this package as models.  A process
that lists tickets defines no model but this one.

Columns that end in `_key` hold the folded form of a text (`columns.fold`): what is
compared, sorted and indexed.  `open` and `urgent` are derived by the database itself.
"""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, IntegerField, Model, TextField


def text_column() -> TextField:
    return TextField(default="")


class TicketRow(Model):
    number = BigAutoField()
    subject = text_column()
    description = text_column()
    severity = IntegerField()
    status = text_column()
    owner = text_column()
    customer = text_column()
    contact = text_column()
    contact_email = text_column()
    contact_phone = text_column()
    site = text_column()
    product = text_column()
    release = text_column()
    os = text_column()
    os_release = text_column()
    channel = text_column()
    category = text_column()
    environment = text_column()
    plan = text_column()
    external_id = text_column()
    reported_at = BigIntegerField()
    created_at = BigIntegerField()
    updated_at = BigIntegerField()
    resolved_at = BigIntegerField(null=True)
    closed_at = BigIntegerField(null=True)
    acknowledged_until = BigIntegerField(null=True)
    snoozed_until = BigIntegerField(null=True)
    merged_into = BigIntegerField(default=0)
    minutes_logged = BigIntegerField(default=0)
    next_due_at = BigIntegerField()
    next_due_role = text_column()
    overdue_since = BigIntegerField()
    paused = IntegerField(default=0)
    version = BigIntegerField(default=1)
    open = IntegerField()
    urgent = BigIntegerField()
    subject_key = text_column()
    status_key = text_column()
    owner_key = text_column()
    customer_key = text_column()
    contact_key = text_column()
    site_key = text_column()
    product_key = text_column()
    release_key = text_column()
    os_key = text_column()
    os_release_key = text_column()
    channel_key = text_column()
    category_key = text_column()
    environment_key = text_column()
    plan_key = text_column()
    external_id_key = text_column()

    class Meta:
        table_name = "ticket"
