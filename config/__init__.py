import gc

# What a start imports stays until the end: looking through it for garbage after each 700 new objects, as Python does by itself,
# takes a tenth of every process's start.
gc.set_threshold(20_000, 20, 20)
