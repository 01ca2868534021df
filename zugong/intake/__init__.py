"""收件的门：台账进来，逐行过目，再一次写入，可整批撤销。
The office that takes ledgers in: read, stage, preview, commit, undo. Words: batch 批次, staged row 待入行, refused 退回."""
