"""The composer for many people at once: a page, an interface for programs, tools for assistants."""
