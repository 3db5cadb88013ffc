# 消息：作者与改动。

audit-field-message = 消息
