"""What the map loads in the browser: pinned npm packages, installed once and served by the app itself."""
