# The filter language and saved views.
action-pick-view = View
action-save-view = Save view
action-edit-view = Edit view
action-delete-view = Delete view
action-clear-filter = Clear filter
disabled-no-view = Choose a saved view first: f v.
disabled-not-your-view = This view is somebody else's: save one of your own (f s), or ask a lead.
view-pick-title = Which view?
view-name-title = Name of the view
view-filter-title = Its filter
view-share-title = Who sees it?
view-share-nobody = Only I
view-share-everybody = Everybody
view-share-queue = People of { $queue }
view-delete-title = Delete view
view-delete-sentence = Delete the view { $name }?
view-saved = Saved: { $name }
view-deleted = Deleted: { $name }
view-filter-wrong = The filter cannot be saved. { $why }
filter-error-field = Column { $column }: no field “{ $word }”; quote it to search for it.
filter-error-value = Column { $column }: { $field } has no value “{ $word }”.
filter-error-missing = Column { $column }: { $field } needs a value.
filter-error-quote = Column { $column }: the quotation mark is not closed.
filter-error-time = Column { $column }: “{ $word }” is no time; write <30m, >=2h, 2026-11-20.., today or none.
filter-error-number = Column { $column }: “{ $word }” is no number; write 3, >=3 or 3..5.
filter-error-many = Column { $column }: too many terms.
filter-error-long = Column { $column }: the filter is too long.
filter-error-near = Did you mean { $words }?
command-put-saved-view = saved view
