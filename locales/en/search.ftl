# Full-text search.

action-search = Search everywhere
search-title = Search
search-in-all = all
search-in-tickets = tickets
search-in-messages = messages
search-in-notes = notes
search-how = Words in any order, "side by side" between quotes; 加油 or PO-2291 as they are written.
search-state-looking = Looking…
search-state-asking = { $n } on this machine; the server is asked for all history…
search-state-whole = { $n } found in all history
search-state-taking = { $n } found; the server is still taking older texts in
search-state-nothing = Nothing found in all history: try fewer words, or another part with Tab.
search-state-here = { $n } found on this machine alone: { $why }
search-keys-typing = Enter go there · ↓ list · Tab part · Ctrl-P earlier words · Esc close
search-keys-list = Enter go there · j k move · / words · Tab part · Esc close
