# 全文搜索。

action-search = 全文搜索
search-title = 搜索
search-in-all = 全部
search-in-tickets = 工单
search-in-messages = 消息
search-in-notes = 备注
search-how = 词语顺序不限，引号内须相连；加油、PO-2291 照写即可。
search-state-looking = 正在查找…
search-state-asking = 本机找到 { $n } 条；正在向服务器查询全部历史…
search-state-whole = 在全部历史中找到 { $n } 条
search-state-taking = 找到 { $n } 条；服务器仍在收录较早的内容
search-state-nothing = 全部历史中都没有：减少词语，或按 Tab 换一个范围。
search-state-here = 仅在本机找到 { $n } 条：{ $why }
search-keys-typing = Enter 前往 · ↓ 列表 · Tab 范围 · Ctrl-P 以前的词 · Esc 关闭
search-keys-list = Enter 前往 · j k 移动 · / 词语 · Tab 范围 · Esc 关闭
