# The linear mode for screen readers.
