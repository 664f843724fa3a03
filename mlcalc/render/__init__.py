"""A worked answer as it looks: its layout, its digits, and what the formats have in common."""
