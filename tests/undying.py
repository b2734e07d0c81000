"""A listener whose poison is never put aside: python -m tests.undying PATTERN [options]"""

import runpy
import sys

sys.argv.insert(2, "undying")
runpy.run_module("tests.faulty", run_name="__main__")
