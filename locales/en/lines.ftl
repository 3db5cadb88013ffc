# What the desk itself says in conversations.

line-incident-declared = incident #{ $number } declared: { $subject }
line-incident-stood-down = incident #{ $number } stood down
line-major-declared = declared a major incident
line-major-stood-down = stood down: no major incident any more
line-tied = tied to incident #{ $incident }
line-untied = no longer tied to incident #{ $incident }
line-ticket-tied = { $person } tied #{ $number }: { $subject }
line-ticket-untied = { $person } untied #{ $number }
line-broadcast-answers = { $person } answers { $tickets } tickets: { $text }
line-broadcast-solves = { $person } solves { $tickets } tickets: { $text }
line-handed-over-shift = handed over from { $from } to { $to }: the shift is over
line-handed-over-gone = handed over from { $from } to { $to }: no longer works here
line-pool = the pool
line-merged = ticket #{ $number } merged into this one
line-merge-undone = merge of ticket #{ $number } undone
line-expert-called = { $expert } called into the ticket: { $reason }
line-expert-accepted = { $expert } came into the ticket
line-expert-declined = { $expert } declined the call
line-expert-joined = { $expert } joined
line-expert-took-over = the ticket is { $expert }'s now
line-expert-left = { $expert } left ({ $verdict })
line-expert-solved = { $expert } solved the ticket and left
line-call-ended = the call of { $expert } ended: the ticket is finished
line-call-withdrawn = the call of { $expert } was taken back
line-no-answer = { $expert } did not answer in time
line-went-off-duty = { $expert } went off duty before answering
line-expert-gone = { $expert } no longer works here
line-shift-over = { $expert }'s shift is over: still in the ticket until they leave it
line-nobody-left = nobody of tier { $tier } is left to call: { $told }
line-nobody-left-skill = nobody of tier { $tier } who knows { $skill } is left to call: { $told }
line-told = told { $people }
line-told-nobody = nobody leads
line-step-due = ticket #{ $number } ({ $subject }): step { $step } of { $clock } was due at { $at }
line-with-reason = { $line }: { $reason }

clocks-hours = { $hours }h{ $minutes }
