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
assignment-chose = Chosen: { $name }, the least loaded of those eligible
assignment-chose-nobody = Nobody chosen: { $reason }
assignment-no-candidates = No rota covers this queue at this tier.
assignment-load = load { $load }
assignment-last-assigned = last given one { $span } before
assignment-never-assigned = never given one
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
