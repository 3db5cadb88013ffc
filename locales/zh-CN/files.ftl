## files: 工单的附件

action-files = 附件
files-title = { $number } 的附件
files-attach = 添加附件到 { $number }
files-none = 没有附件：按 a 添加。
files-loading = 正在加载…
files-reading = 正在读取文件…
files-keys = Enter 查看 · s 另存为 · o 用外部程序打开 · y 复制路径 · a 添加 · Esc 返回
files-view-keys = Esc 返回
files-pager-keys = j k 移动 · g G 首尾 · / n N 查找 · w 换行 · # 行号 · h l 左右 · Esc 返回
files-path-keys = Tab 补全 · ↑↓ 选择 · Enter 选定 · Esc 返回
files-say-keys = Enter 发送 · Tab 切换可见范围 · Ctrl-A 再加一个 · Esc 放弃
files-path = 文件：
files-say = 说明：
files-public = 公开：客户会看到。按 Tab 改为内部。
files-internal = 内部：只有服务台看到。按 Tab 改为公开。
files-save-as = 将 { $name } 另存为：
files-lies = 实为 { $type }！
files-elsewhere = 存于别处
files-not-found = 没有找到。
files-saved = 已保存：{ $text }
files-copied = 已复制路径：{ $text }
files-outside = 已在外部打开：{ $text }
files-foreign = 由渠道保存，已复制其地址：{ $text }
files-sending = 正在发送：{ $text }
files-failed = { $text }
files-no-picture = 无法显示为图片：{ $text }
