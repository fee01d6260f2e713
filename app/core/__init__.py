"""The ground every room stands on. Core names no room, except the one-page list of powers in access.py."""
