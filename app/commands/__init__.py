"""The commands of ``python -m app``, one module a field of work; each calls the services that pages call."""
