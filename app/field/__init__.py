"""The phone in the street: plain pages for inspectors and patrols that lose nothing on a bad line."""
