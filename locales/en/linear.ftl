# The linear mode for screen readers.

copy-too-long = Not copied: { $bytes } bytes are more than terminals take.
copy-nowhere = Not copied: this terminal has no clipboard to reach.

linear-welcome = dutydesk in lines, for { $name }. Type help for the commands.
linear-here = { $view }, { $place } of { $total }: { $ticket }
linear-list = { $view }, { $total } in all:
linear-empty = { $view }: no tickets here.
linear-open = Ticket { $number } is open. read reads it again, back leaves it.
linear-more = More follow: next goes on.
linear-first = This is the first.
linear-last = This is the last.
linear-no-ticket = There is no ticket { $number }, or you may not see it.
linear-yours = yours
linear-of = { $name }'s
linear-nobodys = nobody's
linear-comma = {", "}
linear-due = due in { $span }
linear-overdue = overdue by { $span }
linear-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
linear-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
linear-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
linear-requester = From { $who } { $site }, queue { $queue }.
linear-tags = Tags: { $tags }
linear-message = { $who }, { $visibility }, { $at }:
linear-withheld = not shown to you
linear-file = File: { $name }
linear-new-message = New on { $number }:
linear-skipped = { $n ->
    [one] One earlier message is left out; read has it.
   *[other] { $n } earlier messages are left out; read has them.
}
linear-unread = { $n ->
    [one] , { $n } unread
   *[other] , { $n } unread
}
linear-shift = { $rota }: { $who }, { $from } to { $to }, { $code }
linear-gap = Gap: { $rota }, { $from } to { $to }
linear-nobody-on-duty = Nobody is on duty now.
linear-no-shifts = You have no shift in the next two weeks.
linear-offline = Link lost: { $why } What you do waits and is sent later.
linear-online = The link is back.
linear-sent = Sent.
linear-done = Done.
linear-left = Left.
linear-not-now = That cannot be chosen now.
linear-now = Now: { $text }
linear-say = Say something with: say TEXT. chats lists the conversations.
linear-ask-number = Type a number, or cancel.
linear-ask-line = Type one line, or cancel.
linear-ask-lines = Type your text. A line with a single full stop sends it; cancel keeps it as a draft.
linear-ask-clear = It was begun before and not sent: it goes first. clear forgets it.
linear-behind = Your words come behind it. Nothing is sent yet.
linear-say-begun = It was begun before and not sent. say . sends it, say clear forgets it. Nothing is sent yet.
linear-ask-yes = yes or no?
linear-ask-count = Type the number to confirm it, or cancel.
linear-ask-page = Enter closes it.
linear-ask-form = Text goes into the field; up, down and right choose, Enter goes to the next field, send sends, cancel leaves.
linear-unknown = { $text } is no command; help lists them.
linear-unknown-near = { $text } is no command; did you mean { $near }?
linear-help-line = { $word }: { $does } Also { $others }.
linear-help-more = Any act works by its name too, such as merge or ticket.move. A number chooses from the last list, or opens the ticket of that number. Enter alone says where you are.
linear-help-next = the next ticket of the list.
linear-help-previous = the ticket before.
linear-help-list = the tickets from here on, numbered.
linear-help-views = views and queues, numbered.
linear-help-filter = filter TEXT narrows the list; alone shows all.
linear-help-open = opens the ticket here, or open NUMBER.
linear-help-read = reads all messages of what is open.
linear-help-back = leaves what is open.
linear-help-claim = takes the ticket.
linear-help-reply = reply TEXT answers the requester; alone takes several lines.
linear-help-note = note TEXT is for the desk only.
linear-help-status = sets the status.
linear-help-priority = sets the priority.
linear-help-assign = gives the ticket to somebody.
linear-help-tags = changes the tags.
linear-help-release = puts the ticket back.
linear-help-escalate = calls an expert.
linear-help-answer = answers a call for you.
linear-help-chats = conversations, numbered.
linear-help-say = say TEXT in the open conversation.
linear-help-duty = who is on duty now.
linear-help-shifts = your next shifts, and gaps.
linear-help-notices = what you were told.
linear-help-outbox = what waits to be sent.
linear-help-presence = says whether you are there.
linear-help-language = the other language.
linear-help-do = do NAME, any act of the desk.
linear-help-page = reads the page as the full screen has it.
linear-help-key = key NAMES, keys of the full screen, such as key 4 j.
linear-help-repeat = says the last answer again.
linear-help-help = these commands.
linear-help-quit = ends.
