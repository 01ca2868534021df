"""人员的门：一个人只有一份记录，党籍、任职都从各本台账汇到他名下；两本台账说法不一的，列出来由人定。
The office that keeps persons (one per human being), Party memberships, appointments and what ledgers state differently.
Words: person 人员, membership 党籍、组织关系, appointment 任职, statement 说法, correction 更正申请,
restriction 限制使用, erasure 清除.
Rests on 党员教育管理工作条例 and 个人信息保护法."""
