## chat: words of Chats

chat-channels = 频道
chat-direct = 私聊
chat-escalations = 升级会话
chat-empty = 还没有会话，按 N 发起。
chat-none = 没有选中会话。
chat-being-made = 新会话
chat-missing = 会话尚未就绪：正在创建，或你无权查看。
chat-no-messages = 还没有消息，来写第一条吧。
chat-new-line = 新消息
chat-you = （我）
chat-attachment = 附件：
chat-hint-back = 下方有更新的消息（G）
chat-hint-offline = 离线：发送的消息会先存入发件箱
chat-no-unread = 没有未读消息。
chat-too-long = 消息有 { $n } 个字符，最多 { $max } 个，请缩短。
chat-new-title = 发给谁
chat-new-channel = 新建频道…
chat-new-channel-title = 频道名称
chat-disabled-viewer = 只读成员不能发言，请找负责人调整角色。
chat-disabled-none = 请先选择会话。
chat-disabled-no-ticket = 这个会话不属于任何工单。
chat-disabled-no-unread = 没有未读消息。
