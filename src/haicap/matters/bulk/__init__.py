"""One act on many matters: chosen in a list, looked at before, done each by itself, told matter by matter."""
