"""总结报告的门：收下去年的稿子，认出数据位，接上指标，写出今年的稿子。
The office that adopts texts, binds their slots to figures and writes reports out. Words: slot 数据位, rendition 版本,
adopted text 底稿, evidence 数据依据. Layout by GB/T 9704-2012."""
