"""The tables as Peewee models.

They are not bound to a database: every query names the store that it runs on, so two
stores may be open in one process.  Rows never leave this package as models.

Columns that end in `_key` hold the folded form of a text (`columns.fold`): what is
compared, sorted and indexed.  `open` and `urgent` are derived by the database itself.
"""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CompositeKey, IntegerField, Model, TextField


def _text() -> TextField:
    return TextField(default="")


class TicketRow(Model):
    number = BigAutoField()
    subject = _text()
    description = _text()
    severity = IntegerField()
    status = _text()
    owner = _text()
    customer = _text()
    contact = _text()
    contact_email = _text()
    contact_phone = _text()
    site = _text()
    product = _text()
    release = _text()
    os = _text()
    os_release = _text()
    channel = _text()
    category = _text()
    environment = _text()
    plan = _text()
    external_id = _text()
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
    next_due_role = _text()
    overdue_since = BigIntegerField()
    paused = IntegerField(default=0)
    version = BigIntegerField(default=1)
    open = IntegerField()
    urgent = BigIntegerField()
    subject_key = _text()
    status_key = _text()
    owner_key = _text()
    customer_key = _text()
    contact_key = _text()
    site_key = _text()
    product_key = _text()
    release_key = _text()
    os_key = _text()
    os_release_key = _text()
    channel_key = _text()
    category_key = _text()
    environment_key = _text()
    plan_key = _text()
    external_id_key = _text()

    class Meta:
        table_name = "ticket"


class TagRow(Model):
    ticket = BigIntegerField()
    tag = TextField()
    tag_key = TextField()

    class Meta:
        table_name = "ticket_tag"
        primary_key = CompositeKey("ticket", "tag_key")


class JournalRow(Model):
    id = BigAutoField()
    ticket = BigIntegerField()
    version = BigIntegerField()
    at = BigIntegerField()
    recorded_at = BigIntegerField()
    actor = _text()
    kind = TextField()
    public = IntegerField(default=0)
    text = _text()
    data = _text()
    inverse = _text()
    undoes = BigIntegerField(default=0)
    batch = _text()

    class Meta:
        table_name = "journal"


class DeadlineRow(Model):
    id = BigAutoField()
    ticket = BigIntegerField()
    key = TextField()
    kind = TextField()
    role = _text()
    level = IntegerField(default=0)
    label = _text()
    severity = IntegerField()
    due_at = BigIntegerField()
    state = TextField()
    fired_at = BigIntegerField(null=True)
    remaining = BigIntegerField(null=True)
    clause = _text()
    reason = _text()
    policy_hash = _text()
    live = IntegerField(default=1)

    class Meta:
        table_name = "deadline"


class LinkRow(Model):
    ticket = BigIntegerField()
    other = BigIntegerField()
    kind = TextField()

    class Meta:
        table_name = "link"
        primary_key = CompositeKey("ticket", "other", "kind")


class CustomerRow(Model):
    id = BigAutoField()
    name = TextField()
    name_key = TextField()
    key = _text()
    plan = _text()
    zone = _text()
    notes = _text()

    class Meta:
        table_name = "customer"


class ContactRow(Model):
    id = BigAutoField()
    customer = BigIntegerField()
    name = TextField()
    name_key = TextField()
    email = _text()
    phone = _text()

    class Meta:
        table_name = "contact"


class DraftRow(Model):
    actor = TextField()
    ticket = BigIntegerField()
    kind = TextField()
    body = _text()
    data = _text()
    updated_at = BigIntegerField()

    class Meta:
        table_name = "draft"
        primary_key = CompositeKey("actor", "ticket", "kind")


class ViewRow(Model):
    owner = TextField()
    name = TextField()
    query = _text()
    position = IntegerField(default=0)

    class Meta:
        table_name = "saved_view"
        primary_key = CompositeKey("owner", "name")


class MetaRow(Model):
    key = TextField(primary_key=True)
    value = _text()

    class Meta:
        table_name = "meta"
