# 系统自己在会话里说的话。

line-incident-declared = 重大事件 #{ $number }：{ $subject }
line-incident-stood-down = 重大事件 #{ $number } 已解除
line-major-declared = 已宣布为重大事件
line-major-stood-down = 已解除：不再是重大事件
line-tied = 已关联到重大事件 #{ $incident }
line-untied = 不再关联重大事件 #{ $incident }
line-ticket-tied = { $person } 关联了 #{ $number }：{ $subject }
line-ticket-untied = { $person } 取消了 #{ $number } 的关联
line-broadcast-answers = { $person } 答复 { $tickets } 张工单：{ $text }
line-broadcast-solves = { $person } 解决 { $tickets } 张工单：{ $text }
line-handed-over-shift = 由 { $from } 移交给 { $to }：下班
line-handed-over-gone = 由 { $from } 移交给 { $to }：已离职
line-pool = 待分配池
line-merged = 工单 #{ $number } 已并入此工单
line-merge-undone = 已撤销工单 #{ $number } 的合并
line-expert-called = 请 { $expert } 进入工单：{ $reason }
line-expert-accepted = { $expert } 接受了邀请
line-expert-declined = { $expert } 拒绝了邀请
line-expert-joined = { $expert } 已加入
line-expert-took-over = 工单现由 { $expert } 处理
line-expert-left = { $expert } 已离开（{ $verdict }）
line-expert-solved = { $expert } 解决了工单并离开
line-call-ended = 对 { $expert } 的邀请已结束：工单已完成
line-call-withdrawn = 已撤回对 { $expert } 的邀请
line-no-answer = { $expert } 未及时答复
line-went-off-duty = { $expert } 未答复就下班了
line-expert-gone = { $expert } 已离职
line-shift-over = { $expert } 已下班：离开之前仍在此工单中
line-nobody-left = { $tier } 线已无人可请：{ $told }
line-nobody-left-skill = { $tier } 线已无会“{ $skill }”的人可请：{ $told }
line-told = 已通知 { $people }
line-told-nobody = 没有负责人
line-step-due = 工单 #{ $number }（{ $subject }）：{ $clock }的步骤 { $step } 于 { $at } 到期
line-with-reason = { $line }：{ $reason }

clocks-hours = { $hours }时{ $minutes }分
