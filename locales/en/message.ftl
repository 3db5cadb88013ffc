# Messages: who writes, what is changed.

audit-field-message = message
