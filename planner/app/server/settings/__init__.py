"""What command line, environment and configuration file may say."""
