"""Mutation testing: changes one place in the sources, and checks that the tests that mirror the file's folder fail.

mutations.py   makes the changes (cosmic-ray's operators, and statements dropped) and draws a sample
mirror.py      finds the tests that mirror a source file
__main__.py    runs them: `make mutants`
"""
