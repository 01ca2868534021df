"""制度的门：各项规定的名称、条款与核对情况。
The register of instruments and their numbers with the state of checking. Words: regulation 规定, article 条款, checked 已核."""
