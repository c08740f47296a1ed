"""What the pages of campaigns are made of: their frame and figures, setting one up step by step, newsletters."""
