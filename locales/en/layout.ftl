# Layout, mouse, focus mode.
