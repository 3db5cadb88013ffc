## chat: words of Chats

chat-channels = Channels
chat-direct = Direct
chat-escalations = Escalations
chat-empty = No conversation yet: N starts one.
chat-none = No conversation is selected.
chat-being-made = New conversation
chat-missing = Not here yet: it is being made, or you may not see it.
chat-no-messages = No message yet: write the first.
chat-new-line = new
chat-you = (you)
chat-attachment = attachment:
chat-hint-back = newer messages below (G)
chat-hint-offline = offline: what you send waits in the outbox
chat-no-unread = Nothing is unread.
chat-too-long = The message has { $n } characters; at most { $max } can be sent. Shorten it.
chat-new-title = Write to
chat-new-channel = New channel…
chat-new-channel-title = Name of the channel
chat-disabled-viewer = Viewers only read: ask a lead for another role.
chat-disabled-none = Select a conversation first.
chat-disabled-no-ticket = This conversation belongs to no ticket.
chat-disabled-no-unread = Nothing is unread.
