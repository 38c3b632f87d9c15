"""`dev_*`: what a chain for tests can do, by the functions of `chain.cheats`.

Names and shapes are Chopsticks' where it has them.
"""
