# 主题与设置。

toast-setup = 已重新读取设置
looks-auto = 跟随终端：{ $dark } 或 { $light }
looks-own = 自定义
looks-broken = 无法使用：{ $why }
