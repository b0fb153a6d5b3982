"""The fault run of exports: `bin/faults exports`; docs/FAULTS.md tells how it works."""
