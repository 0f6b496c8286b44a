"""Overview: where the district stands, against its standard and the national benchmark."""
