"""What the kinds about neural networks share: activations, and layers worked out by hand."""
