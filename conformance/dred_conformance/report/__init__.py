"""Reports of a campaign: for the terminal and as JSON."""
