"""From a gap to a request, and from its answer to the thing itself."""
