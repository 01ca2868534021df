"""干部教育的门：班次、参训人员和学时账。
The office that keeps classes, who took part, and training hours. Words: class 班次, session 课次, training hours 学时.
Rests on 干部教育培训工作条例 articles 13–16."""
