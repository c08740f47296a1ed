"""What the pages of projects are made of: the plan as a drawing, and who has how much to do."""
