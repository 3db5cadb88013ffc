# 筛选语言与保存的视图。
action-pick-view = 视图
action-save-view = 保存视图
action-edit-view = 修改视图
action-delete-view = 删除视图
action-clear-filter = 清除筛选
disabled-no-view = 请先选择一个保存的视图：f v。
disabled-not-your-view = 这是别人的视图：请另存一个自己的（f s），或请负责人修改。
view-pick-title = 选择视图
view-name-title = 视图名称
view-filter-title = 视图的筛选
view-share-title = 谁可以看到？
view-share-nobody = 仅自己
view-share-everybody = 所有人
view-share-queue = { $queue } 的人员
view-delete-title = 删除视图
view-delete-sentence = 删除视图“{ $name }”？
view-saved = 已保存：{ $name }
view-deleted = 已删除：{ $name }
view-filter-wrong = 筛选无法保存。{ $why }
filter-error-field = 第 { $column } 列：没有字段“{ $word }”；要搜索它请加引号。
filter-error-value = 第 { $column } 列：{ $field } 没有值“{ $word }”。
filter-error-missing = 第 { $column } 列：{ $field } 缺少值。
filter-error-quote = 第 { $column } 列：引号没有闭合。
filter-error-time = 第 { $column } 列：“{ $word }”不是时间；可写 <30分、>=2小时、2026-11-20..、今天 或 无。
filter-error-number = 第 { $column } 列：“{ $word }”不是数字；可写 3、>=3 或 3..5。
filter-error-many = 第 { $column } 列：条件太多。
filter-error-long = 第 { $column } 列：筛选太长。
filter-error-near = 是否指 { $words }？
command-put-saved-view = 保存的视图
