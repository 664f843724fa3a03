"""What is typed at a shell, and what goes back."""
