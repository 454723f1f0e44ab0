"""What is kept: the evidence, what was made of it, what was found, and what was done."""
