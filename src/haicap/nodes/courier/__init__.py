"""What a person carries where no line is: files of entries, keys and attached files, and the files that answer them."""
