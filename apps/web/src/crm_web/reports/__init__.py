"""Reports for people and programs: asking with one's own answers to the prompts, words and charts for what comes."""
