"""Mutation testing: changes one thing in the sources, and checks that the tests which mirror the file's folder notice.

mutations.py   makes the changes (cosmic-ray's operators, and statements dropped) and draws a sample
mirror.py      finds the tests that mirror a source file
__main__.py    runs them: `make mutants`
"""
