"""Work that must leave the house after its transaction: the database is the queue, the broker a doorbell."""
