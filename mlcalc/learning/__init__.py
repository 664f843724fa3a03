"""Learning theory: hypothesis classes, their sizes and dimensions, and what they can separate."""
