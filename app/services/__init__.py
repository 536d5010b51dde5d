"""Use cases, one module each: open a unit of work, load frames, call geo, store, return plain data."""
