## duty: words of Assignment and Shifts

duty-loading = Loading…
duty-today = today
duty-tomorrow = tomorrow
duty-yesterday = yesterday
duty-date = { $weekday } { $day } { $month }
duty-weekday-1 = Mon
duty-weekday-2 = Tue
duty-weekday-3 = Wed
duty-weekday-4 = Thu
duty-weekday-5 = Fri
duty-weekday-6 = Sat
duty-weekday-7 = Sun
duty-month-1 = Jan
duty-month-2 = Feb
duty-month-3 = Mar
duty-month-4 = Apr
duty-month-5 = May
duty-month-6 = Jun
duty-month-7 = Jul
duty-month-8 = Aug
duty-month-9 = Sep
duty-month-10 = Oct
duty-month-11 = Nov
duty-month-12 = Dec
duty-presence-available = available
duty-presence-busy = busy
duty-presence-away = away
duty-presence-offline = offline
duty-priority-urgent = urg
duty-priority-high = high
duty-priority-normal = norm
duty-priority-low = low

assignment-on-duty = On duty now
assignment-by-queue = by queue
assignment-by-tier = by tier
assignment-tier = tier { $tier }
assignment-no-queues = No queue yet: an admin makes the first with `dutydesk queue`.
assignment-nobody = nobody on duty at tier { $tier }
assignment-nobody-lead = nobody on duty at tier { $tier }; lead: { $lead }
assignment-until = until { $time }
assignment-pool =
    { $n ->
        [one] Pool: 1 ticket waits
       *[other] Pool: { $n } tickets wait
    }
assignment-pool-empty = Nothing waits: every ticket has somebody.
assignment-holding = { $name } holds
assignment-holding-empty = Holds no ticket now.
assignment-why = Why · #{ $number }
assignment-why-failed = The history cannot be shown now: { $why }
assignment-no-decision = The desk has not chosen for this ticket yet.
assignment-earlier-decisions =
    { $n ->
        [one] and 1 earlier decision
       *[other] and { $n } earlier decisions
    }
assignment-given-automatic = The desk gave it to { $name }, { $time }.
assignment-given-by = { $by } gave it to { $name }, { $time }.
assignment-given-by-hand = Given to { $name } by hand, { $time }.
assignment-given-claimed = { $name } took it, { $time }.
assignment-given-imported = Imported with { $name } as assignee, { $time }.
assignment-strategy-least-loaded = least loaded
assignment-strategy-manual = by hand
assignment-decided = Decided { $time } · { $strategy }
assignment-chose = Chosen: { $name }
assignment-chose-nobody = Nobody chosen: { $reason }
assignment-no-candidates = No rota covers this queue at this tier.
assignment-eligible = eligible
assignment-has-it = has it already
assignment-excluded-off-duty = off duty
assignment-excluded-not-present = not present
assignment-excluded-at-capacity = at capacity
assignment-excluded-lacks-skill = lacks { $skill }
assignment-given-relief = Handed over to { $name } at the end of a shift, { $time }.
assignment-given-rebalanced = Given to { $name } to even out the load, { $time }.
assignment-strategy-round-robin = in turn
assignment-strategy-skill-first = best skills first
assignment-strategy-sticky = who served the requester before
assignment-excluded-queue-cap = holds enough of this queue
assignment-excluded-declined = gave it back before
assignment-waits-untried = not tried yet
assignment-waits-manual = given by hand
assignment-waits-nobody-on-duty = nobody on duty
assignment-waits-nobody-present = nobody present
assignment-waits-all-at-capacity = all at capacity
assignment-waits-nobody-skilled = nobody skilled
assignment-give-title = Give the ticket to
assignment-given = #{ $number } given to { $name }
assignment-disabled-viewer = Viewers change nothing: ask a lead for another role.
assignment-disabled-no-ticket = No ticket is selected: choose one in the pool first.
assignment-disabled-nothing = Nothing is selected to explain.
assignment-disabled-open-first = Open the ticket first (Enter).

shifts-day = day
shifts-week = week
shifts-gap = gap
shifts-extra = extra shift
shifts-on-duty =
    { $n ->
        [0] nobody on duty
        [one] 1 person on duty
       *[other] { $n } people on duty
    }
shifts-handover = next handover { $time }
shifts-no-handover = no handover in 72 h
shifts-gaps-ahead =
    { $n ->
        [0] no gap in 72 h
        [one] 1 gap in 72 h
       *[other] { $n } gaps in 72 h
    }
shifts-shift = { $day } { $span } { $kind }, { $rota }
shifts-mine = your next shift: { $shift }
shifts-gap-detail = gap: { $rota } { $span }, { $on } of { $required } on duty
shifts-lead = lead: { $name }
shifts-none-here = no shift in this span
shifts-no-rotas = No rota yet: a lead makes the first with `dutydesk rota`.
shifts-no-gap = No gap in the next { $days } days.
shifts-no-other-gap = No other gap in the next { $days } days.
shifts-none-mine = You have no shift in the next two months.
shifts-disabled-no-rota = There is no rota to look for gaps in.
shifts-disabled-not-rostered = You are in no rota.

## notices about duty
link-notices =
    { $n ->
        [one] 1 notice
       *[other] { $n } notices
    }
toast-notice = { $text } ({ $key })
notice-swap-take = { $name } asks you to take { $theirs }
notice-swap-approve = { $name } and { $other } want to swap { $theirs } for { $mine }: approve it in Shifts
notice-change-gone = A change to your duty was made and taken back
notice-duty-withdrawn = the change of { $span } ({ $rota }) was taken back
notice-duty-leave = leave { $span } ({ $rota })
notice-duty-cover = you stand in for { $name } { $span } ({ $rota })
notice-duty-covered = { $other } stands in for { $name } { $span } ({ $rota })
notice-duty-extra = extra duty { $span } ({ $rota })
notice-duty-swap = { $name } and { $other } swapped { $span } ({ $rota })
notice-duty-cancel = not needed { $span } ({ $rota })
returned-not-accepted = it was not accepted in time
returned-away = you were away
returned-end-of-shift = your shift was over
returned-off-duty = it woke while you were off duty
returned-reassigned = it was given to somebody else
returned-moved = it moved to another queue
returned-by-hand = somebody gave it back

## clocks of a ticket
tab-clocks = clocks
action-clocks = Clocks
clocks-none = No clock runs for this ticket: its queue promises nothing for this priority.
clocks-ledger-loading = The ledger is being read.
clocks-ledger-failed = The ledger cannot be shown now: { $why }
clocks-ledger-empty = Nothing is in the ledger yet.
clocks-due = due { $due }
clocks-stopped = stopped { $at }, was due { $due }
clocks-target = target { $target }, { $calendar }
clocks-around = around the clock
clocks-warns = warns { $at }
clocks-warned = warned { $at }
clocks-breached = breached { $at }
clocks-step-ahead = { $step } at { $at }
clocks-step-fired = { $step } fired { $at }
clocks-overdue = overdue { $span }
clocks-remaining = { $span } left
clocks-since = { $from } - now
clocks-fired = fired
clocks-dropped = dropped
clocks-stopped-word = stopped
clocks-running = running
clocks-spent = spent { $span }
clocks-step-warning = warning
clocks-step-breach = breach
clocks-fired-late = { $step }, { $span } late
clocks-replanned = planned anew: { $why }; target { $target }, due { $due }
clock-cause-arrived = the ticket arrived
clock-cause-imported = it came with an import
clock-cause-asked = the requester wrote
clock-cause-answered = the requester was answered
clock-cause-status = status { $status }
clock-cause-priority = priority { $priority }
clock-cause-moved = moved to { $queue }
clock-cause-merged = merged
clock-cause-policy = the policy or its calendar was changed

## assignment: the table of a decision, who now, evening out, a queue's settings
assignment-column-name = name
assignment-column-open = open
assignment-column-sticky = before
assignment-column-language = lang
assignment-column-skill = skill
assignment-column-load = load
assignment-column-last = last
assignment-yes = yes
assignment-no = no
assignment-never = never
assignment-accept-within = accept in { $span }
action-who-now = Who now
assignment-who-now = Who would get #{ $number } now?
assignment-who-now-dry = A dry run: nothing is given.
assignment-who-now-failed = This cannot be asked now: { $why }
action-rebalance = Even out
assignment-rebalance-queue = Even out the load of
assignment-rebalance-title = Even out { $queue } (space marks, enter does it)
assignment-moves-none = The loads are close to each other: nothing to move.
assignment-moves-failed = Proposals cannot be asked for now: { $why }
assignment-moves-sum = { $n } to move: { $people }
assignment-moves-none-marked = None is marked: nothing would move.
assignment-moves-done = { $n } sent: { $people }
assignment-move-gone = holder gone
assignment-move-evens = evens load
action-queue-settings = Queue settings
assignment-settings-queue = Settings of
assignment-settings-title = { $queue }: how tickets are given
assignment-settings-leads = Leads change how a queue gives out its tickets: ask one.
assignment-settings-unclear = That was not understood: give a number, or a time such as 3m, 90s or 2h.
assignment-settings-same = Nothing was changed.
assignment-settings-saved = { $queue } is saved: { $strategy }
assignment-setting-strategy = Who is chosen
assignment-setting-skills = Skills needed
assignment-setting-language = Language required
assignment-setting-cap = Most for one person
assignment-setting-accept = Accept within
assignment-setting-end = When a shift ends
assignment-setting-grace = … after
assignment-setting-save = Save
assignment-setting-no-limit = no limit
assignment-setting-was = { $now } (was { $was })
assignment-end-keep = tickets stay with their assignee
assignment-end-return = tickets return to the pool
assignment-end-relief = tickets go to who is on duty next
clocks-zone = Times in { $zone }
