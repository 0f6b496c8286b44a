"""Documents that people sign and pass on."""
