# Finding: palette, jumps, pickers.
