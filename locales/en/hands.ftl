# Keys, undo, repeat, jumps.
