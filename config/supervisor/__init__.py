"""What `bin/up` runs: it starts every process of an installation on one machine, watches them and ends them in order."""
