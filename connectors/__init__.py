"""Where mail comes from, one file a provider."""
