"""Work done in the background: the jobs there are, when they are due, the worker that does them, what became of them.

Tasks are django-tasks' own, kept in our database, so that one enqueued in an action is there when the action is, or not at
all. Their arguments are numbers of records and moments, never anything about a person."""
