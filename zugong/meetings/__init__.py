"""组织生活和会议的门：三会一课、主题党日、联学共建、座谈会，一次记录，处处可用。
The office that keeps every meeting and activity once. Words: meeting 会议和活动, general meeting 党员大会, committee meeting
支委会, Theme Party Day 主题党日, Party lecture 党课, joint study 联学共建. Rests on 支部工作条例（试行） articles 11–16."""
