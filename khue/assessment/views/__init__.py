"""The pages of assessment: bank and papers, tests, what classes have been set, and the player."""
