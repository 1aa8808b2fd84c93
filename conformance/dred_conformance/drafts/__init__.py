"""Reading drafts and RFCs: the BCP 14 statements of a text, lined up with the clause registry."""
