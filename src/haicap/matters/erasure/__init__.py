"""Erasing the sealed facts of a matter: the order, what each holder has destroyed, and the receipt."""
