"""The dashboard for ``streamlit run app_streamlit.py``; ``planner serve`` starts the same."""

from planner.app.main import run

run()
