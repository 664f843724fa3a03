"""What all networks share: activations, losses, and the engine that runs equations both ways."""
