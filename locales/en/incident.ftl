# Major incidents and acts on many tickets.

action-incident = Major incident...
action-mark = Mark
action-mark-range = Mark a range
action-mark-all = Mark all of the list
action-unmark-all = Unmark all
action-bulk = Act on marked...

command-declare-major = major incident declared
command-stand-down = major incident stood down
command-tie-ticket = tied to an incident
command-untie-ticket = untied
command-answer-likeness = proposal answered
command-send-broadcast = all requesters answered
command-deliver-broadcast = answered with all others
command-tell-update-due = update due
command-forget-likeness = proposal over
job-broadcasts = Desk
job-incidents = Desk
audit-field-likeness = alike
audit-field-likeness-rejected = not part of
audit-field-broadcast = requesters answered

notice-incident-declared = a major incident was declared
notice-incident-update = requesters of the incident wait for an update, due { $time }
notice-incident-overdue = nobody has told the incident's requesters anything, due { $time }

list-marked = { $n } marked
list-range = V again ends the range
disabled-no-marks = mark tickets first (Space, V, *)
toast-bulk-too-many = More than { $most } tickets at once are too many: narrow the list first.
toast-bulk-gone = The marked tickets are not here any more.
toast-bulk-none = There is no act on many tickets to look back at.
toast-bulk-undone = The last act has been taken back already.
toast-bulk-not-undone = A message cannot be taken back.
toast-no-channel = This incident has no channel.

bulk-about = { $n ->
    [one] 1 ticket
   *[other] { $n } tickets
}
bulk-tag = Add a tag
bulk-untag = Remove a tag
bulk-tie = Tie to a major incident
bulk-snippet = Reply with a snippet
bulk-last-report = Report of the last act
bulk-last-undo = Take the last act back
bulk-preview-counts = { $changes } change, { $same } are so already, { $refused } cannot.
bulk-report-counts = { $done } done, { $waiting } waiting, { $refused } refused, { $same } left as they are.
bulk-gone = { $n } are not here any more.
bulk-same = is so already
bulk-done = done
bulk-changed-since = was changed since and stays
bulk-confirm = { $n ->
    [one] Change 1 ticket?
   *[other] Change { $n } tickets?
}
bulk-undo-confirm = { $n ->
    [one] Take back what was done to 1 ticket? If it was changed since, it stays.
   *[other] Take back what was done to { $n } tickets? Those changed since stay.
}
ask-bulk-act = What to do
ask-bulk-tag = Tag to add
ask-bulk-untag = Tag to remove
ask-bulk-tie = Number of the incident
ask-bulk-snippet = Snippet
ask-bulk-review = What will change
ask-bulk-report = What was done
ask-bulk-undo = Take back
review-type = Type { $n } and Enter:
review-more = { $n } more lines below
overlay-review-keys = y yes  n no  up/down read  Esc cancel
overlay-review-typed-keys = type the number  up/down read  Esc cancel
overlay-report-keys = up/down read  Esc close

tab-incident = incident
incident-major = [!] MAJOR INCIDENT
incident-major-keys = (I: answer all, solve all)
incident-tied = Tied to major incident #{ $number }
incident-looks-like = Looks like #{ $number }: I to tie it, or not
incident-update-in = update due in { $span }
incident-update-late = update late by { $span }
incident-declared = Declared { $time } by { $person }
incident-every = an update every { $span }
incident-by-status = By status:
incident-by-region = By region:
incident-broadcasts = Sent to all ({ $n })
incident-proposals = Looks alike ({ $n })
incident-tied-count = Tied ({ $n })
incident-accept = It belongs to #{ $number }: tie it
incident-reject = It is not #{ $number }
incident-open = Open incident #{ $number }
incident-untie = Untie from #{ $number }
incident-broadcast = Answer all requesters...
incident-solve = Solve all together...
incident-schedule = Change the schedule of updates...
incident-channel = Open its channel
incident-stand-down = Stand down...
incident-stand-down-confirm = Stand incident #{ $number } down? What is tied to it stays tied; nothing is proposed for it any more.
incident-declare = Declare a major incident...
incident-tie = Tie to a major incident...
incident-status-as-it-is = leave the status as it is
incident-send-confirm = { $n ->
    [one] Send this to 1 requester?
   *[other] Send this to { $n } requesters?
}
incident-solve-confirm = { $n ->
    [one] Solve 1 ticket?
   *[other] Solve { $n } tickets?
}
ask-incident = Major incident
ask-incident-minutes = Minutes between updates, empty for none
ask-incident-text = PUBLIC: to all requesters
ask-incident-closing = PUBLIC: closing text, may be empty
ask-incident-status = Status with it
ask-incident-review = Who gets what
ask-incident-which = Which incident
broadcast-counts = { $count } get it, { $excluded } do not.
broadcast-closed = closed
broadcast-merged = merged into another
broadcast-solved = solved already
broadcast-untied = no longer tied
broadcast-left-out = left out
broadcast-by-channel = by its channel
broadcast-by-hand = no channel
broadcast-progress = { $sent } sent, { $left } left, { $refused } refused
broadcast-silent = (status only)
same-queue = same queue
same-kind = same kind
same-site = same site
same-region = same region
same-tag = same tag
