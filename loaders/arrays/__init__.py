"""Named arrays and tensors: their headers, their number formats, and what each is likely to be."""
