"""组织科的门：党组织和单位两棵树，以及它们在任一天的样子。
The office that keeps which Party organizations and units there are and who stands under whom, on any day.
Words: Party organization 党组织, unit 单位, placement 隶属, scope 范围. Rests on 支部工作条例（试行） and 党章."""
