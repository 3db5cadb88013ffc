# The filter language and saved views.
