"""The web application: Streamlit's pages, our sign-in and data routes, the map's own assets."""

from __future__ import annotations

import logging

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from app import web
from app.config import ROOT
from app.field.routes import FIELD_ROUTES
from app.health import HEALTH_ROUTES, Counting

# Streamlit gives this logger a handler of its own, whatever the server was told about it.
logging.getLogger("uvicorn.access").disabled = True

VENDOR = ROOT / "layers" / "assets" / "vendor"

ROUTES = [
    *FIELD_ROUTES,
    *HEALTH_ROUTES,
    Mount("/vendor", StaticFiles(directory=VENDOR, check_dir=False)),
]
MIDDLEWARE = [Middleware(Counting), Middleware(web.Gate)]

app = st.App(ROOT / "app" / "parts" / "navigation.py", routes=ROUTES, middleware=MIDDLEWARE)
