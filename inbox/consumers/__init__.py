"""The realtime process: sockets that say that something changed. What it was, pages fetch through their own doors."""
