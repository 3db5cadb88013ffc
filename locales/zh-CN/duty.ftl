## duty
