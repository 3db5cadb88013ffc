# 通知、提醒、交接。

notice-reminder = 提醒：{ $text }
notice-reminder-bare = 您设置的提醒到时间了。
notice-follow-up-due = 承诺已到期：{ $text }
notice-handover-drafted = 您在 { $rota } 的班次即将结束：交接单已起草。
notice-handover-signed = { $rota } 的交接单已签字：请阅读并签字。
notice-handover-unsigned = { $rota } 的交接单尚未双方签字。
notice-nobody-eligible-many = { $queue } 有 { $n } 张工单在等待：{ $why }

command-put-notice-settings = 通知设置
command-put-reminder = 提醒
command-cancel-reminder = 取消提醒
command-fire-reminder = 已提醒
command-put-follow-up = 承诺
command-settle-follow-up = 承诺已了结
command-tell-follow-ups = 承诺到期
command-put-handover = 起草交接单
command-edit-handover = 修改交接单
command-sign-handover = 签署交接单
