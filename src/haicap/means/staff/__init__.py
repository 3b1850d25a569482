"""People against the establishment: posts held, qualifications, secondments, training, coverage."""
