# 专家呼叫：工作台的通知与审计用语。
assignment-given-escalated = { $name } 作为专家接手，{ $time }。
notice-escalation-unanswered = 已没有可呼叫的专家：请处理
notice-escalation-withdrawn = 对您的呼叫已撤回
notice-escalation-left = 专家已离开：{ $verdict }
notice-expert-off-duty = 被呼叫的 { $name } 已下班
call-verdict-solved = 已解决
call-verdict-advice = 已给建议
call-verdict-not-ours = 不归我们
call-verdict-needs-vendor = 需要供应商
job-escalations = 工作台
