"""The board of a province: difficulties for its conference, and work by unit; every figure opens its list."""
