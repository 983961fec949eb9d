"""Pages of money: of the family, and of the office of a school."""
