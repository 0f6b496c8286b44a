"""The page *Many districts*: areas of results of many districts, ranked."""
