"""The demonstration hooks into nothing: it fills tables and is read by nobody."""
