"""What is new for somebody since they last looked: in the page, and as one mail a day."""
