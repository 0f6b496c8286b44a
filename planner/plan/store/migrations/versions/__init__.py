"""One file a version; what is here is never changed again."""
