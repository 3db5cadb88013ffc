# Tour and help.

overlay-help-keys = type to narrow  up/down  enter runs it  esc closes
help-page-queues = The tickets of a view or queue, the most urgent first. Choose a view at the left ({ $left }), a ticket with { $down } and { $up }, and open it with { $open }. Three things done here: take one ({ $claim }), answer it ({ $reply }), and narrow the list to what you look for ({ $filter }). Mark several with { $mark } and act on all of them at once. What comes in waits for you: "+3 new" at the top ({ $load } brings it in).
help-page-ticket = One ticket: its conversation, and in tabs why it was given to whom, its clocks, its life. Three things done here: answer the requester ({ $reply }), write a note that only colleagues see ({ $note }), and call an expert into it ({ $escalate }). Public and internal texts have different colours and names. What you do is told below, and undone with { $undo }.
help-page-assignment = Who is on duty, how loaded, and which tickets nobody has. Three things done here: give a ticket to somebody ({ $give }, or { $assign } to choose), see who would get it now and why ({ $who }), and even out the load of a queue ({ $rebalance }). Each proposal is shown before anything moves.
help-page-shifts = Who is on duty when. Move through time with { $left } and { $right }, choose day, week or month with { $day }, { $week } and { $month }. Three things done here: find cover ({ $cover }), ask for a swap ({ $swap }), and see gaps before they happen ({ $gaps }). Your own shifts are under { $calendar }, handovers under { $handovers }.
help-page-chats = Channels, direct conversations, and calls for help. Three things done here: write ({ $write }), go to what you have not read ({ $unread }), and start a conversation ({ $begin }). Messages can be answered, pinned and reacted to. What you write waits in the outbox while the link is away.
help-page-overview = The desk in numbers: what came in, what waits, how fast it was answered, by queue, hour and region. Nothing is changed here. Move between the plots with { $plot } and through time with { $left } and { $right }.
help-page-any = The keys that work here are below. Type to narrow them; Enter runs the chosen one.

ask-tour = Tour
toast-tour = New here? { $key } starts a tour of two minutes on your own desk. Nothing it makes stays.
tour-title = Tour { $n }/{ $of } · { $key } skips or leaves
tour-resume = Go on
tour-skip = Skip this step
tour-leave = Leave it for later
tour-start = From the beginning
tour-stop = End it
tour-open = This is your desk. Go to a ticket with j and k, best one that nobody has (h, then Unassigned), and open it with { $key }.
tour-claim = Its conversation is in front of you. { $key } makes the ticket yours: try it, the next step gives it back. Whoever is faster gets it, and the other is told.
tour-take-back = Below it says what you did. { $key } takes it back. So it is with everything that can be taken back: status, priority, tags, queue.
tour-write = { $key } answers the requester. Open it now; nothing will be sent.
tour-leave-draft = Type a few words, but do not press Enter: that sends. Esc leaves it, and your words stay as a draft. (This draft is cleared away for you.)
tour-why = Why does somebody have this ticket, and why not somebody else? { $key } shows the decision.
tour-escalate = When you need an expert, { $key } finds one on duty and calls them into this conversation. Open the form.
tour-leave-call = Look at whom it proposes. Esc leaves the form; nobody is called.
tour-shifts = Who is on duty, now and next week? { $key } shows the shifts.
tour-queues = Back to the tickets: { $key }. And ctrl-o goes back to wherever you were.
tour-palette = Everything has a name. { $key } finds any command; type a word of it.
tour-leave-palette = Try a word such as "theme". Esc closes the list.
tour-filter = { $key } narrows the list while you type.
tour-leave-filter = Type something, then Enter keeps the filter and Esc clears it.
tour-help = Last: { $key } tells what each pane is for, and which keys work there.
tour-end = That was all. { $key } quits, what you wrote is kept. Close this with Esc.
