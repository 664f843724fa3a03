"""Recurrent networks: cells as equations, run forward and differentiated through time."""
