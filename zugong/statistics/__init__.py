"""统计分析的门：全部指标的目录、冻结的数、任一天的结构表。
The catalogue of figures, frozen values, cross-tables as of a day. Words: figure 指标, facet 限定, frame 口径, frozen 定格."""
