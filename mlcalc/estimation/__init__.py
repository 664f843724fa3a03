"""Distributions as data, and the one engine that derives estimates from them."""
