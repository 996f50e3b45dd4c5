"""The report of a comparison: one page, slides and sheets, in English or Chinese."""
