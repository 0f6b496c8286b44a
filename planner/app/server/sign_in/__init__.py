"""Who a reader is, what he may do, and how long that holds."""
