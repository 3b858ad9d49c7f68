"""What the formula bar shows: answers, steps, files of analogies."""
