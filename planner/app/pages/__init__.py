"""The pages of the dashboard, a folder each; ``page.py`` draws it."""
