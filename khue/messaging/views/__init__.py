"""Pages of messaging, a file for each thing a person comes for."""
