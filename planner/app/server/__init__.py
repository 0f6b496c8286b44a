"""What runs the dashboard; apart from ``pages``, which Streamlit would else offer by itself."""
