"""Every report once more, slowly and in plain Python, from the raw facts alone: what its blocks and logs must be equal to.

Nothing here reads the catalogue, its SQL or a kept figure of a conversation. docs/metrics.md and the definitions that people read
behind the figures say what each one means.
"""
