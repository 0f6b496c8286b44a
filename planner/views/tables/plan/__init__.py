"""Tables on proposals and the joint plan."""
