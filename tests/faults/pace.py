"""How the fault run differs from an installation in pace."""

LEASE_SECONDS = 4
CHUNK_ROWS = "TERTULIA_FAULT_CHUNK_ROWS"  # names the rows of a chunk
ENDED = "has ended:"  # what a worker says of a task
