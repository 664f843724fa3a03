"""Distributions that no data follow here, but parameters do."""
