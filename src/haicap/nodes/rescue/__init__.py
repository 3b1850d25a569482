"""After a disaster: backups and what is restored of them, and a lost machine brought back from its parent's copy."""
