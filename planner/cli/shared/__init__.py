"""What the verbs have in common: options, the console, the workspace they are given."""
