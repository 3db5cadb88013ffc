# Tour and help.
