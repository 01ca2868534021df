"""干部的门：干部名册、年轻干部库、挂职、实绩。
The office that keeps the roster of cadres, the reserve, secondments and merit records; it ranks nobody.
Words: cadre 干部, reserve 后备、年轻干部库, secondment 挂职, merit record 实绩.
Rests on 党政领导干部选拔任用工作条例 and 公务员法."""
