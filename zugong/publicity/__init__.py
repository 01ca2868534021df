"""宣传的门：稿件、栏目、平台和阅读量；阅读量只作数，不排名。党建品牌也在这里。
The office that keeps drafts and articles. Words: article 稿件, column 栏目, platform 发布平台, brand 党建品牌."""
