"""Living with two truths: conflicts as work items of all rooms, and outside numbers that two nodes used."""
