"""督导的门：督导组列席民主生活会、发现问题、整改销号。
The office that keeps supervision groups, findings and their rectification. Words: supervision group 督导组,
democratic-life meeting 民主生活会, finding 发现的问题, rectification 整改, closed 销号.
Rests on 县以上党和国家机关党员领导干部民主生活会若干规定."""
