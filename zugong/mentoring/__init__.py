"""帮带结对的门：谁带谁、补什么短板、到什么目标。
The office that keeps mentoring pairs. Words: pair 帮带对子, mentor 导师, mentee 青年干部, weakness 短板弱项, goal 培养目标."""
