"""走访调研的门：去了哪里、听到什么、怎样答复，以及调研课题。
The office that keeps visits, the opinions raised on them and research topics. Words: visit 走访调研, opinion 意见建议,
research topic 调研课题. Each opinion is answered back to whoever raised it."""
