"""Means of former districts and communes, taken over from lists: what a column means, what a line would become."""
