"""A worked answer as data, and how it looks: one file a format, plots and graphs."""
