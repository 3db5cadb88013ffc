# Being told, being reminded, handing over.

notice-reminder = Reminder: { $text }
notice-reminder-bare = You asked to be reminded.
notice-follow-up-due = Promised, and due now: { $text }
notice-handover-drafted = Your shift of { $rota } ends soon: its handover is drafted.
notice-handover-signed = The handover of { $rota } is signed: read it and sign.
notice-handover-unsigned = The handover of { $rota } is not signed by both sides.
notice-nobody-eligible-many = { $n } tickets of { $queue } wait: { $why }

command-put-notice-settings = notification settings
command-put-reminder = reminder
command-cancel-reminder = reminder cancelled
command-fire-reminder = reminder told
command-put-follow-up = promise
command-settle-follow-up = promise settled
command-tell-follow-ups = promise due
command-put-handover = handover drafted
command-edit-handover = handover changed
command-sign-handover = handover signed
