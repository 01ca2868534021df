"""重点工作的门：凡有责任科室和时限的事都在这里。
The office that keeps anything with an owner and a date. Words: task 重点任务, deadline 完成时限, follow-up 督办.
Rests on the department's own yearly list of key work."""
