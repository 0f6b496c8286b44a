"""Where to build: a question in plain words, sites on the map, the proof of how good they are."""
