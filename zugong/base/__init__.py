"""The service room every office stands on: accounts and rights, actions and their trail, verdicts
with sources, dated parameters, periods and frames, figures, duties, ledgers and sheets, sealed values.
It knows no office. Words: grant 授权, trail 留痕, verdict 结论, frame 口径, figure 指标, duty 应办事项, ledger 台账."""
