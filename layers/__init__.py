"""Map layers: a GeoDataFrame in, a folium layer out, for pages, files and print alike.

``base`` is the ground that stays; the other modules each draw one kind of thing on it. What runs in the
reader's browser stands in ``browser/``; the library it builds on is installed by ``assets``.
"""
