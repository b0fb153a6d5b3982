"""The fault run of the import: `bin/faults`. Nothing here is collected by `bin/test`; docs/FAULTS.md tells how it works."""
