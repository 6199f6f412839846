# Runs at the end of the interpreter's start, before it opens the program: in a slot it waits here for one to be there.
import os

if os.environ.pop("GHOST_BOOT", None) is not None:
    import gc
    import sys

    gc.collect()
    os.write(3, b"+")
    _parts = []
    while _part := os.read(3, 65536):
        _parts.append(_part)
    os.close(3)
    # Every word ends with a zero.
    sys.argv[1:] = [os.fsdecode(_word) for _word in b"".join(_parts).split(b"\0")[:-1]]
