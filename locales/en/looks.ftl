# Themes and settings.

toast-setup = The settings were read again
looks-auto = follows the terminal: { $dark } or { $light }
looks-own = yours
looks-broken = cannot be used: { $why }
