"""制度的门：管事的文件有哪些、哪一条管着什么、哪一天按哪个数、谁读过原文，一件事按哪几步办。
The office that keeps the register of instruments, the lines entered in this house, and the procedures. Words: regulation 制度,
article 条款, revision 修订, local rule 本地规定, check 核对, procedure 程序, step 步骤. Knows no office: whoever has
a rule or a procedure names it here."""
