"""Reading an examination paper from a Word file: pure, no tables, no Django.

`papers.read` is the door. A file is opened (package), its paragraphs become lines of pieces (lines, numbering,
equations), lines become questions (splitting, table_papers, plain_papers, answer_keys).
"""
