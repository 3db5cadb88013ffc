## files: attachments of a ticket

action-files = Files
files-title = Files of { $number }
files-attach = Attach to { $number }
files-none = No files: a attaches one.
files-loading = Loading…
files-reading = Reading the file…
files-keys = Enter view · s save as · o open outside · y copy path · a attach · Esc back
files-view-keys = Esc back
files-pager-keys = j k move · g G ends · / n N find · w wrap · # numbers · h l aside · Esc back
files-path-keys = Tab completes · ↑↓ choose · Enter takes it · Esc back
files-say-keys = Enter sends · Tab who sees it · Ctrl-A another file · Esc drops it
files-path = File:
files-say = Say:
files-public = PUBLIC: the requester will see this. Tab makes it internal.
files-internal = Internal: only the desk sees this. Tab makes it public.
files-save-as = Save { $name } as:
files-lies = is { $type }!
files-elsewhere = kept elsewhere
files-not-found = Not found.
files-saved = Saved: { $text }
files-copied = Path copied: { $text }
files-outside = Opened outside: { $text }
files-foreign = Kept by the channel; its address is copied: { $text }
files-sending = On its way: { $text }
files-failed = { $text }
files-no-picture = Cannot be shown as a picture: { $text }
