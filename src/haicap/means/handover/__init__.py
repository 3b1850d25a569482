"""Means of former districts and communes, taken over from lists."""
