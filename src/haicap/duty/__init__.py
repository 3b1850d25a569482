"""Who is on duty and what happened meanwhile: shifts, the log's lines, the daily bulletin."""
