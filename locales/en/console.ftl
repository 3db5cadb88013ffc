## console
