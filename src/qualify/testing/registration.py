"""What Hypothesis learns when it is imported: `st.from_type` of the library's own types."""


def on_import() -> None:
    """Called by Hypothesis through its entry point."""
