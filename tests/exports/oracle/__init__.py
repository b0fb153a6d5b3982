"""Every data set once more, slowly and in plain Python, from the raw facts alone: what the files must be equal to.

Nothing here reads the catalogue's SQL or a kept figure of a conversation. docs/EXPORTS.md and docs/metrics.md say what each
column means.
"""
