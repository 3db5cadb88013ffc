# 主题与设置。

toast-setup = 已重新读取设置
