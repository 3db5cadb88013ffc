# 导览与帮助。

overlay-help-keys = 输入以缩小范围  up/down  enter 执行  esc 关闭
help-page-queues = 某个视图或队列的工单，最紧急的在前。左侧选视图（{ $left }），用 { $down }、{ $up } 选工单，{ $open } 打开。这里常做三件事：认领（{ $claim }）、回复（{ $reply }）、筛选（{ $filter }）。用 { $mark } 标记多张，再一次处理全部。新来的工单会等您：顶部显示“+3 新”，按 { $load } 载入。
help-page-ticket = 一张工单：对话，以及各标签页中的分派原因、计时和经过。这里常做三件事：回复请求人（{ $reply }）、写只有同事可见的备注（{ $note }）、请专家加入（{ $escalate }）。公开与内部文字颜色和名称都不同。所做的操作显示在下方，按 { $undo } 撤销。
help-page-assignment = 谁在值班、负荷多少、哪些工单无人负责。这里常做三件事：把工单交给某人（{ $give }，或按 { $assign } 选择）、查看现在会分给谁及原因（{ $who }）、均衡某队列的负荷（{ $rebalance }）。每个方案都先给您看，再执行。
help-page-shifts = 谁在什么时候值班。用 { $left }、{ $right } 在时间上移动，用 { $day }、{ $week }、{ $month } 选日、周、月。这里常做三件事：找人顶班（{ $cover }）、申请换班（{ $swap }）、提前发现缺口（{ $gaps }）。自己的班次按 { $calendar }，交接按 { $handovers }。
help-page-chats = 频道、私聊和求助。这里常做三件事：写消息（{ $write }）、去看未读（{ $unread }）、新建对话（{ $begin }）。消息可以回复、置顶和回应。断线时写的内容在发件箱等待。
help-page-overview = 用数字看服务台：来了多少、积压多少、多快答复，按队列、时段和区域。这里不改动任何内容。用 { $plot } 切换图表，用 { $left }、{ $right } 在时间上移动。
help-page-any = 下面是此处可用的按键。输入以缩小范围，Enter 执行所选。

ask-tour = 导览
toast-tour = 第一次来？{ $key } 开始两分钟导览，就在您自己的服务台上，不留下任何改动。
tour-title = 导览 { $n }/{ $of } · { $key } 跳过或离开
tour-resume = 继续
tour-skip = 跳过这一步
tour-leave = 以后再继续
tour-start = 从头开始
tour-stop = 结束
tour-open = 这是您的服务台。用 j、k 选一张工单，最好是无人负责的（按 h，选“未分配”），用 { $key } 打开。
tour-claim = 眼前是它的对话。{ $key } 把工单归您：试一下，下一步会还回去。谁快谁得，另一人会被告知。
tour-take-back = 下方写着刚才做了什么。{ $key } 撤销。凡能撤销的都如此：状态、优先级、标签、队列。
tour-write = { $key } 回复请求人。现在打开它；不会发出任何内容。
tour-leave-draft = 输入几个字，但不要按 Enter：那会发送。Esc 离开，文字留作草稿。（这份草稿会替您清除。）
tour-why = 为什么是这个人负责，而不是别人？{ $key } 显示分派经过。
tour-escalate = 需要专家时，{ $key } 找到在班的专家并请入此对话。打开表单看看。
tour-leave-call = 看看它建议谁。Esc 离开表单，不会呼叫任何人。
tour-shifts = 现在和下周谁值班？{ $key } 显示班次。
tour-queues = 回到工单：{ $key }。ctrl-o 则回到您刚才所在之处。
tour-palette = 一切都有名字。{ $key } 可找到任何命令，输入其中一个词即可。
tour-leave-palette = 试着输入“主题”。Esc 关闭列表。
tour-filter = { $key } 边输入边筛选列表。
tour-leave-filter = 输入一些内容，Enter 保留筛选，Esc 清除。
tour-help = 最后：{ $key } 说明每个窗格的用途和可用按键。
tour-end = 就是这些。{ $key } 退出，所写内容都会保留。按 Esc 关闭导览。
