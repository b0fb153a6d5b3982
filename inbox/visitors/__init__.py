"""Visitors of a web chat: who they are, and which chat takes them. The widget and the sockets both ask here."""
