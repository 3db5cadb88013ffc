# Calls for experts: what the desk tells, and how the audit words it.
assignment-given-escalated = Taken over by { $name }, who was called in as an expert, { $time }.
notice-escalation-unanswered = nobody is left who could answer the call for an expert: see to it
notice-escalation-withdrawn = you are not called in any more
notice-escalation-left = the expert left: { $verdict }
notice-expert-off-duty = the shift of { $name } is over, who was called in
call-verdict-solved = solved
call-verdict-advice = advice given
call-verdict-not-ours = not ours
call-verdict-needs-vendor = needs a vendor
job-escalations = Desk
