"""The pytest plugin of `qualify`; nothing of the library is imported until it is used."""
