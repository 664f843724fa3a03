"""Feed-forward networks: their forward pass, gradients and training, and weights for a purpose."""
