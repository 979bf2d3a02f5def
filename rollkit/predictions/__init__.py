"""Measuring what was predicted: files of poses, matched with where the vehicle really went.

`spec` is the call, `cases` brings both files to the same instants and says which cases cannot be
used, `samples` has the rules over K samples, `engine` measures block after block, `results` is the
artifact.
"""
