"""So sánh các phường: to be built."""

from __future__ import annotations

import streamlit as st

from app.parts.visit import require_visit
from app.text import _

require_visit()
st.title(_("So sánh các phường"))
