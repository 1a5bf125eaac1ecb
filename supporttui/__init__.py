"""supporttui: a keyboard-driven terminal console for a vendor's support desk."""

__version__ = "0.1.0"
