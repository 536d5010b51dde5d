"""Pure functions on arrays and GeoDataFrames: no database, no clock, no screen, no environment."""
