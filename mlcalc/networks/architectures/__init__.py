"""Networks of many layers: read from a line or a list, followed shape by shape, counted, drawn."""
