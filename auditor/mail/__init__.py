"""From the provider's bytes to a message, what a reader sees of it, and whose words they are."""
