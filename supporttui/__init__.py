"""supporttui: a keyboard-driven terminal console for a vendor's support desk."""

__version__ = "0.1.0"
#: The day of this version, as its manual page shows it.
__date__ = "2026-11-22"
