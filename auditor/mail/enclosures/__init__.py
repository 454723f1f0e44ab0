"""What is known of a file that came with a message: what it is, what in it is dangerous or hidden, and its text."""
