"""What was asked of party committees, people's committees and other authorities, and what came of it."""
