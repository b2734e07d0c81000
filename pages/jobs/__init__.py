"""The page of work: two ways to have it done side by side, and a page for each piece.

A piece is asked for in `asking` and looked up in `looks`. `history`, `bars`, `sentences`,
`figures`, `cards` and `experiments` make of it what is shown, without Redis and without Flask.
`drawing` draws the parts of a page that change; `views` shows them, and `hub` draws them again for
all who watch. `code` is the form for a code by SMS.
"""
