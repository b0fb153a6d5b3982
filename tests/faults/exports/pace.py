"""How the fault run of exports differs from an installation in pace, and the names of what its processes are told."""

LEASE_SECONDS = "TERTULIA_FAULT_LEASE_SECONDS"  # names the seconds of a lease
AMID_ROWS = "TERTULIA_FAULT_AMID_ROWS"  # names after how many rows "amid rows" is
SNAPSHOT = "snapshot"  # a point: the file's transaction is open
STORE = "store"  # a file among the points: `<kind> <times>`
STORE_SAYS = "the store fails:"  # what a worker says when the store did as it was told
