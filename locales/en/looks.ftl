# Themes and settings.

toast-setup = The settings were read again
