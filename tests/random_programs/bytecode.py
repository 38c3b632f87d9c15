"""Random code: statements that leave the stack as they find it, most of the time, and reach every operation."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .inputs import precompile_input
from .writer import SLOTS, World, Writer

#: Values of calls and creations, in wei.
VALUES = (0, 0, 0, 0, 1, 10**9, 3 * 10**9, 600 * 10**9, 10**12, 10**15 + 7 * 10**9, 10**17, 2**64, 2**200)


class Code(Writer):
    """Code of statements."""

    def begun(self, statements: int) -> bytes:
        """Return code of this many statements."""
        for _ in range(statements):
            self.statement()
        return bytes(self._code)

    def finished(self, statements: int) -> bytes:
        """Return code of this many statements, which ends in one of several ways."""
        self.begun(statements)
        self._end()
        return bytes(self._code)

    # --- statements ----------------------------------------------------------------------------------------

    def statement(self) -> None:
        """Append a statement."""
        choices: list[tuple[int, Callable[[], None]]] = [
            (16, self._write_storage),
            (12, self._write_memory),
            (10, self._copy),
            (6, self._log),
            (14, self._call),
            (5, self._create),
            (6, self._branch),
            (3, self._loop),
            (6, self._juggle),
            (6, self._leave),
            (1, self._noise),
            (1 + 4 * self._depth, self._destroy),
        ]
        weights = [weight for weight, _ in choices]
        self._random.choices([choice for _, choice in choices], weights)[0]()

    def _write_storage(self) -> None:
        self.word() if self._random.random() < 0.7 else self.push(0)
        self.push(self._random.choice(SLOTS))
        self.op(self._random.choice((0x55, 0x55, 0x55, 0x5D)))

    def _write_memory(self) -> None:
        kind = self._random.randrange(3)
        if kind == 2:
            self.size()
            self.offset()
            self.offset()
            self.op(0x5E)
            return
        self.word()
        self.offset()
        self.op((0x52, 0x53)[kind])

    def _copy(self) -> None:
        """Copy input, code, output or the code of another account."""
        operation = self._random.choice((0x37, 0x39, 0x3C, 0x3E))
        if operation == 0x3E and self._random.random() < 0.9:
            self.op(0x3D)  # all of the output, which is always there
            self.push(0)
        else:
            self.size()
            self.offset()
        self.offset()
        if operation == 0x3C:
            self.address()
        self.op(operation)

    def _log(self) -> None:
        topics = self._random.randrange(5)
        for _ in range(topics):
            self.word(1)
        self.size()
        self.offset()
        self.op(0xA0 + topics)

    def _call(self) -> None:
        """Call an account or a precompile, and use what it answers."""
        random = self._random
        operation = random.choice((0xF1, 0xF1, 0xF1, 0xF2, 0xF4, 0xFA))
        precompile = random.random() < 0.3
        length = 0
        if precompile:
            index, data = precompile_input(random, self._is_prague)
            self.store(data)
            length = len(data)
        self.push(random.choice((0, 32, 64, 130)))
        self.push(random.choice((0, 0, 32, 100)))
        self.push(length) if precompile else self.size()
        self.push(0) if precompile else self.offset()
        if operation in (0xF1, 0xF2):
            self.push(random.choice(VALUES))
        self.push(index) if precompile else self.address()
        self._gas(precompile)
        self.op(operation)
        self._use()

    def _gas(self, precompile: bool) -> None:
        random = self._random
        if random.random() < 0.15:
            self.op(0x5A)
        elif precompile:
            self.push(random.choice((3_000, 3_000, 50_000, 50_000, 100_000, 14, 150, 6_000)))
        else:
            self.push(random.choice((0, 700, 2_300, 10_000, 30_000, 30_000, 60_000, 60_000, 2**256 - 1)))

    def _use(self) -> None:
        """Store the word on top of the stack, leave it, or hash the memory."""
        random = self._random
        kind = random.random()
        if kind < 0.5:
            self.push(random.choice(SLOTS))
            self.op(0x55)
        elif kind < 0.8:
            self.op(0x50)
        else:
            self._left += 1

    def _create(self) -> None:
        """Create a contract, from code that returns code or does anything else."""
        random = self._random
        if random.random() < 0.9 and self._depth < 2:
            code = random_init_code(random, self._world, self._depth + 1)
            self.store(code)
            size = len(code)
        else:
            size = random.choice((0, 3, 64, 0xC000, 0xC001, 0xC001))
        second = random.random() < 0.5
        if second:
            self.push(random.choice((0, 1, random.getrandbits(256))))
        self.push(size)
        self.push(0)
        self.push(random.choice(VALUES))
        self.op(0xF5 if second else 0xF0)
        self._visit_created() if random.random() < 0.4 else self._use()

    def _visit_created(self) -> None:
        """Call the contract whose address is on top of the stack."""
        for value in (0, 0, 0, 0, self._random.choice((0, 0, 10**12))):
            self.push(value)
        self.op(0x85, 0x5A, 0xF1, 0x50, 0x50)  # DUP6 GAS CALL POP POP

    def _branch(self) -> None:
        """Jump over statements, if a word is not zero."""
        self.word()
        position = self._label()
        self.op(0x57)
        for _ in range(self._random.randint(0, 3)):
            self._nested()
        self._destination(position)

    def _nested(self) -> None:
        """Append a statement that leaves nothing on the stack for those after it."""
        left = self._left
        self.statement() if self._random.random() < 0.9 else self._leave_early()
        for _ in range(self._left - left):
            self.op(0x50)
        self._left = left

    def _label(self) -> int:
        """Append the push of a destination that is not known yet; return where it is."""
        self.op(0x61, 0, 0)
        return len(self._code) - 2

    def _destination(self, label: int) -> None:
        self._code[label : label + 2] = len(self._code).to_bytes(2, "big")
        self.op(0x5B)

    def _loop(self) -> None:
        """Repeat statements a few times."""
        self.push(self._random.randint(1, 6))
        start = len(self._code)
        self.op(0x5B)
        self._left += 1
        self._nested()
        self.push(1)
        self.op(0x90, 0x03, 0x80)  # SWAP1 SUB DUP1
        self.op(0x61, *start.to_bytes(2, "big"), 0x57)
        self._left -= 1
        self.op(0x50)

    def _juggle(self) -> None:
        """Swap, duplicate or drop what is on the stack; in few cases more than there is."""
        random = self._random
        reach = self._left if random.random() < 0.98 else self._left + 3
        if reach > 1:
            self.op(0x8F + random.randint(1, min(reach - 1, 16)))
        if reach > 0 and random.random() < 0.5:
            self.op(0x50)
            self._left = max(0, self._left - 1)

    def _leave(self) -> None:
        self.word()
        self._left += 1

    def _noise(self) -> None:
        """Append random bytes, or a jump to anywhere."""
        random = self._random
        if random.random() < 0.5:
            self._code += random.randbytes(random.randint(1, 8))
        else:
            self.push(random.randint(0, 200))
            self.op(0x56)

    def _destroy(self) -> None:
        """Destroy the contract, in half of the cases only under a condition."""
        if self._random.random() < 0.5:
            self.op(0x34)
            position = self._label()
            self.op(0x57)
            self.address()
            self.op(0xFF)
            self._destination(position)
        else:
            self.address()
            self.op(0xFF)

    def _leave_early(self) -> None:
        self.size()
        self.offset()
        self.op(self._random.choice((0xF3, 0xFD)))

    def _end(self) -> None:
        kind = self._random.random()
        if kind < 0.55:
            self.size()
            self.offset()
            self.op(0xF3)
        elif kind < 0.7:
            self.size()
            self.offset()
            self.op(0xFD)
        elif kind < 0.8:
            self.op(0x00)
        elif kind < 0.83:
            self.op(0xFE)


def random_code(random: Random, world: World, depth: int = 0) -> bytes:
    """Return code of a contract."""
    return Code(random, world, depth).finished(random.randint(1, 14) if depth == 0 else random.randint(1, 4))


def random_init_code(random: Random, world: World, depth: int) -> bytes:
    """Return initialization code: it does something, and returns code of a contract most of the time."""
    kind = random.random()
    if kind < 0.15:
        return random_code(random, world, depth)
    body = random_code(random, world, depth)
    if kind < 0.22:
        body = random.choice((b"\xef" + body, b"\xef\1\0" + random.choice(world.addresses), b""))
    head = Code(random, world, depth).begun(random.choice((0, 0, 1, 2)))
    start = len(head) + 13
    tail = bytes((0x61, *len(body).to_bytes(2, "big"), 0x80, 0x61, *start.to_bytes(2, "big"), 0x5F, 0x39, 0x5F, 0xF3))
    return head + tail.ljust(13, b"\0") + body
