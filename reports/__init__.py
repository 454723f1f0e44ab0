"""What the clerk opens."""
