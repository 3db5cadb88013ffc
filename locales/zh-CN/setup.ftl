## 首次启动
setup-title = 欢迎使用 dutydesk
setup-welcome = 为全天候值班服务台打造的终端工作台。
setup-welcome-more = 本机将建立自己的服务台;连接其他服务器请用:dutydesk login URL
setup-name = 您的姓名
setup-language = 语言
setup-theme = 主题
setup-sample = 载入示例服务台
setup-yes = 是
setup-no = 否
setup-start = 开始
setup-keys = ↑↓ 移动   ←→ 更改   Enter 下一项   Esc 退出
setup-nameless = 请填写姓名,同事会看到它。
