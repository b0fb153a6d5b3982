"""The fault run of messages: `bin/faults messages`. Nothing here is collected by `bin/test`; docs/FAULTS.md tells how it works."""
