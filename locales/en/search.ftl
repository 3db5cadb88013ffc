# Full-text search.
