"""Alembic's environment; the connection comes from ``data.schema``."""

from alembic import context

from data.schema import alembic_options

context.configure(**alembic_options(context.config.attributes["connection"]))
with context.begin_transaction():
    context.run_migrations()
