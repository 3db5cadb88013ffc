## The first-run form.
setup-title = Welcome to dutydesk
setup-welcome = The terminal console for desks that are always on duty.
setup-welcome-more = This machine gets a desk of its own; connect to another with: dutydesk login URL
setup-name = Your name
setup-language = Language
setup-theme = Theme
setup-sample = Load the sample desk
setup-yes = yes
setup-no = no
setup-start = Start
setup-keys = ↑↓ move   ←→ change   Enter next   Esc leave
setup-nameless = Please write your name: colleagues will see it.
