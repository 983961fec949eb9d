"""From a school's teaching and wishes to a problem for the solver, and back: pure, no table is asked here."""
