## duty: words of Assignment and Shifts

duty-loading = 正在读取…
duty-today = 今天
duty-tomorrow = 明天
duty-yesterday = 昨天
duty-date = { $month }{ $day }日 { $weekday }
duty-weekday-1 = 周一
duty-weekday-2 = 周二
duty-weekday-3 = 周三
duty-weekday-4 = 周四
duty-weekday-5 = 周五
duty-weekday-6 = 周六
duty-weekday-7 = 周日
duty-month-1 = 1月
duty-month-2 = 2月
duty-month-3 = 3月
duty-month-4 = 4月
duty-month-5 = 5月
duty-month-6 = 6月
duty-month-7 = 7月
duty-month-8 = 8月
duty-month-9 = 9月
duty-month-10 = 10月
duty-month-11 = 11月
duty-month-12 = 12月
duty-presence-available = 空闲
duty-presence-busy = 忙碌
duty-presence-away = 离开
duty-presence-offline = 离线
duty-priority-urgent = 紧急
duty-priority-high = 高
duty-priority-normal = 普通
duty-priority-low = 低

assignment-on-duty = 当前值班
assignment-by-queue = 按队列
assignment-by-tier = 按级别
assignment-tier = { $tier }线
assignment-no-queues = 还没有队列，请管理员用 `dutydesk queue` 新建。
assignment-nobody = { $tier }线无人值班
assignment-nobody-lead = { $tier }线无人值班，负责人：{ $lead }
assignment-until = 至 { $time }
assignment-pool = 待分配：{ $n } 张工单
assignment-pool-empty = 没有等待的工单，都已有人处理。
assignment-holding = { $name } 手上的工单
assignment-holding-empty = 目前没有工单。
assignment-why = 分配原因 · #{ $number }
assignment-why-failed = 暂时无法显示历史：{ $why }
assignment-no-decision = 系统还没有为这张工单选过人。
assignment-earlier-decisions = 此前还有 { $n } 次分配决定
assignment-given-automatic = { $time } 系统分配给 { $name }。
assignment-given-by = { $time } { $by } 指派给 { $name }。
assignment-given-by-hand = { $time } 手动指派给 { $name }。
assignment-given-claimed = { $time } { $name } 自行领取。
assignment-given-imported = { $time } 导入时的处理人是 { $name }。
assignment-strategy-least-loaded = 负载最低者优先
assignment-strategy-manual = 手动分配
assignment-decided = 决定于 { $time } · { $strategy }
assignment-chose = 选中 { $name }：符合条件的人中负载最低
assignment-chose-nobody = 没有选中任何人：{ $reason }
assignment-no-candidates = 没有班组负责该队列的这一级别。
assignment-load = 负载 { $load }
assignment-last-assigned = 上次分配在 { $span } 前
assignment-never-assigned = 从未分配过
assignment-eligible = 可分配
assignment-has-it = 已由其处理
assignment-excluded-off-duty = 不在班
assignment-excluded-not-present = 不在岗
assignment-excluded-at-capacity = 已满额
assignment-excluded-lacks-skill = 缺少技能 { $skill }
assignment-given-relief = 交班时移交给 { $name }，{ $time }。
assignment-given-rebalanced = 为均衡负载分配给 { $name }，{ $time }。
assignment-strategy-round-robin = 轮流
assignment-strategy-skill-first = 技能优先
assignment-strategy-sticky = 熟客优先
assignment-excluded-queue-cap = 已达本队列上限
assignment-excluded-declined = 此前已退回
assignment-waits-untried = 尚未尝试分配
assignment-waits-manual = 手动分配队列
assignment-waits-nobody-on-duty = 无人值班
assignment-waits-nobody-present = 值班人都不在岗
assignment-waits-all-at-capacity = 全员已满额
assignment-waits-nobody-skilled = 无人具备技能
assignment-give-title = 把工单指派给
assignment-given = #{ $number } 已指派给 { $name }
assignment-disabled-viewer = 只读成员不能修改，请找负责人调整角色。
assignment-disabled-no-ticket = 没有选中工单，请先在待分配列表中选择。
assignment-disabled-nothing = 没有选中可解释的内容。
assignment-disabled-open-first = 请先打开工单（Enter）。

shifts-day = 日
shifts-week = 周
shifts-gap = 缺班
shifts-extra = 加班
shifts-on-duty =
    { $n ->
        [0] 当前无人值班
       *[other] 当前 { $n } 人值班
    }
shifts-handover = 下次交接 { $time }
shifts-no-handover = 72 小时内无交接
shifts-gaps-ahead =
    { $n ->
        [0] 72 小时内无缺班
       *[other] 72 小时内 { $n } 处缺班
    }
shifts-shift = { $day } { $span } { $kind }，{ $rota }
shifts-mine = 你的下一班：{ $shift }
shifts-gap-detail = 缺班：{ $rota } { $span }，需 { $required } 人，在班 { $on } 人
shifts-lead = 负责人：{ $name }
shifts-none-here = 这段时间没有班
shifts-no-rotas = 还没有班组，请负责人用 `dutydesk rota` 新建。
shifts-no-gap = 未来 { $days } 天没有缺班。
shifts-no-other-gap = 未来 { $days } 天没有其他缺班。
shifts-none-mine = 未来两个月你没有排班。
shifts-disabled-no-rota = 还没有班组，无从查找缺班。
shifts-disabled-not-rostered = 你不在任何班组中。
