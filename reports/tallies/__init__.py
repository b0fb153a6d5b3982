"""The roll-up of reports: tallies by day that writers add to without waiting for each other.

`facts` says what is counted, `reading` how reports read it, `folding` and `building` keep it, `sweeping` does both by itself and
`checking` proves it. docs/adr/0017-reports-count-from-tallies.md has the reasons.
"""
