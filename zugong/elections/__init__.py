"""换届选举的门：每个党组织的届、届满和换届。
The office that keeps terms, candidates, ballots and results. Words: term 届、任期, expiry 届满, election 换届选举.
Rests on 基层组织选举工作条例 (2020), 关于党的基层组织任期的意见 (2018), 支部工作条例（试行） article 21."""
