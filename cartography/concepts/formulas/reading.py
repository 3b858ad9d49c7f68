"""Formulas are read by hand, one piece after the other: nothing is evaluated, and every fault has a place.

sum     = product { (+ | -) product }
product = signed { (* | /) signed }         one name, sum or mean at most; all else are numbers
signed  = { + | - } part
part    = number | name | ( sum ) | mean ( sum { , sum } )
name    = [ # | @ ] (words | "quoted")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cartography.concepts.formulas.faults import comma, fault, missing, nothing_between, short, unknown_words
from cartography.concepts.formulas.products import Factor, Number, product_of, times
from cartography.concepts.formulas.tokens import Token, tokens
from cartography.concepts.formulas.tree import Formula, FormulaError, Mean, Name, Sum

__all__ = ["FUNCTIONS", "LONGEST", "read_formula"]

LONGEST = 2_000
"""Characters that a formula may have."""

FUNCTIONS = ("mean", "avg")
"""What may stand before a parenthesis."""

_NAMES, _DEEPEST = 200, 50
_SAVE = "Save a selection and name that: @my words."
_TOGETHER = 24  # words in a row that may be one name without quotes


def read_formula(text: str, known: Callable[[str], bool] = lambda _: False) -> Formula:
    """Return what a formula says.

    `known` says whether something is called so, groups with their sign: it decides whether `co-op`, `new york` and
    `1984` are names. Raises `FormulaError`, which points at the fault.
    """
    if len(text) > LONGEST:
        said = f"This formula has {len(text):,} characters; {LONGEST:,} can be read."
        raise FormulaError(
            said, "Save a selection and name it in the formula: @my words.", start=LONGEST, end=len(text)
        )
    reader = _Reader(text, known)
    if reader.now.kind == "end":
        raise FormulaError(
            "There is no formula yet.", "Write for example: king - man + woman", start=0, end=len(text)
        )
    formula = reader.term(reader.sum())
    reader.finish()
    return formula


class _Reader:
    """Walks over the pieces of a formula once, from left to right."""

    def __init__(self, text: str, known: Callable[[str], bool]) -> None:
        self._text, self._known = text, known
        self._pieces = list(tokens(text))
        self._at = self._names = self._depth = 0

    @property
    def now(self) -> Token:
        """The piece that is read next."""
        return self._pieces[self._at]

    def sum(self) -> Formula | Number:
        """Read a sum; a number that stands alone stays one."""
        first = self._product(1)
        if self.now.kind not in ("+", "-"):
            return first
        terms = [self.term(first)]
        while self.now.kind in ("+", "-"):
            sign = -1 if self._step().kind == "-" else 1
            terms.append(self.term(self._product(sign)))
        return Sum(tuple(terms))

    def term(self, part: Formula | Number) -> Formula:
        """Return a part that stands for itself: a number only does so where something is called like it."""
        if not isinstance(part, Number):
            return part
        if part.literal:
            name = self._name(part.literal, "", part.start, part.end)
            return name if part.scale == 1 else times(part.scale, name, part.start, part.end)
        if self.now.kind == "," and self._pieces[self._at + 1].kind == "number":
            raise self._comma()
        shown = short(self._text[part.start : part.end])
        hint = f'Write {shown}*paris to scale a name; put it in quotes if it is one: "{shown}".'
        raise FormulaError("Numbers only scale names here.", hint, start=part.start, end=part.end)

    def finish(self) -> None:
        """Raise for whatever is left when the formula is read."""
        if self.now.kind == ")":
            raise fault("This parenthesis closes nothing.", "Take it out, or open one before.", self.now)
        if self.now.kind == ",":
            raise self._comma()

    def _product(self, sign: int) -> Formula | Number:
        """Read a product; `sign` is -1 where it is taken away."""
        factors = [self._signed(divides=False)]
        while self.now.kind in ("*", "/"):
            factors.append(self._signed(divides=self._step().kind == "/"))
        if self.now.kind in ("word", "number", "quoted", "sign", "("):
            raise nothing_between(self._text, self._pieces[self._at - 1], self.now)
        return product_of(factors, sign, self._known)

    def _signed(self, divides: bool) -> Factor:
        start, sign = self.now.start, 1
        while self.now.kind in ("+", "-"):
            sign = -sign if self._step().kind == "-" else sign
        part = self._part()
        return Factor(part, sign, divides, start, self._pieces[self._at - 1].end)

    def _part(self) -> Formula | Number:
        token = self.now
        if token.kind == "(":
            return self._within(lambda _: self.sum())
        if token.kind == "sign":
            return self._group()
        if token.kind == "quoted":
            return self._quoted("", token.start)
        if token.kind in ("word", "number"):
            return self._bare("", token.start)
        raise missing(self._pieces[self._at - 1] if self._at else None, self.now)

    def _within(self, read: Callable[[Token], Formula | Number]) -> Formula | Number:
        """Read what stands in parentheses."""
        opening = self._step()
        self._depth += 1
        if self._depth > _DEEPEST:
            said = f"Parentheses stand in each other more than {_DEEPEST} deep."
            raise fault(said, "Take out those that are not needed.", opening)
        if self.now.kind == ")":
            said = "There is nothing between these parentheses."
            raise FormulaError(said, "Write a name there.", start=opening.start, end=self.now.end)
        part = read(opening)
        if self.now.kind == ",":
            raise self._comma()
        if self.now.kind == "end":
            raise fault("This parenthesis is never closed.", "Add “)” where it ends.", opening)
        self._step()
        self._depth -= 1
        return part

    def _mean(self, _: Token) -> Formula:
        terms = [self.term(self.sum())]
        while self.now.kind == ",":
            self._step()
            terms.append(self.term(self.sum()))
        return Mean(tuple(terms))

    def _group(self) -> Name:
        sign = self._step()
        token = self.now
        if not token.glued or token.kind not in ("word", "number", "quoted"):
            what = "a town" if sign.text == "#" else "a bookmark or selection"
            hint = f"Write {sign.text} and the name of {what}, in quotes if it has several words."
            raise fault(f"No name follows “{sign.text}”.", hint, sign)
        if token.kind == "quoted":
            return self._quoted(sign.text, sign.start)
        name = self._bare(sign.text, sign.start)
        if isinstance(name, Name):
            return name
        return self._name(token.text, sign.text, sign.start, token.end)

    def _quoted(self, sign: str, start: int) -> Name:
        token = self._step()
        if token.open:
            raise FormulaError(
                "This quote is never closed.", "Add the closing quote.", start=token.start, end=token.end
            )
        if not token.text and not self._known(sign):
            raise fault("There is no name in these quotes.", "Write one.", token)
        return self._name(token.text, sign, start, token.end)

    def _bare(self, sign: str, start: int) -> Formula | Number:
        """Read a name without quotes: the longest run of words that is known, else one word; or a number."""
        first, then = self._pieces[self._at : self._at + 2]
        if not sign and then.kind == "(" and first.kind == "word":
            return self._call(first)
        run = list(self._run())
        for at, joined in reversed(run[1:]):
            if self._known(sign + joined):
                self._at = at + 1
                return self._name(joined, sign, start, self._pieces[at].end)
        self._at += 1
        if first.kind == "number" and not sign:
            return Number(float(first.text), first.start, first.end, first.text)
        if then.kind in ("word", "number"):
            raise self._unknown_words(start, sign)
        return self._name(first.text, sign, start, first.end)

    def _run(self) -> Iterator[tuple[int, str]]:
        """Words in a row and what they are together, up to each: single spaces between, hyphens as they stand."""
        at = self._at
        joined = self.now.text
        yield at, joined
        for _ in range(_TOGETHER):
            one, other = self._pieces[at + 1], self._pieces[min(at + 2, len(self._pieces) - 1)]
            if one.kind in ("word", "number"):
                at, joined = at + 1, f"{joined} {one.text}"
            elif one.kind == "-" and one.glued and other.glued and other.kind in ("word", "number"):
                at, joined = at + 2, f"{joined}{one.text}{other.text}"
            else:
                return
            yield at, joined

    def _call(self, word: Token) -> Formula:
        if word.text.lower() not in FUNCTIONS:
            hint = f"Write mean(a, b) for a mean, or put an operator after “{short(word.text)}”."
            raise fault(f"There is no function “{short(word.text)}”.", hint, word)
        self._at += 1
        return self.term(self._within(self._mean))

    def _name(self, text: str, sign: str, start: int, end: int) -> Name:
        self._names += 1
        if self._names > _NAMES:
            said = f"A formula may have {_NAMES} names."
            raise FormulaError(said, _SAVE, start=start, end=end)
        return Name(text, sign, start, end)

    def _step(self) -> Token:
        self._at += 1
        return self._pieces[self._at - 1]

    def _unknown_words(self, start: int, sign: str) -> FormulaError:
        at = self._at
        while self._pieces[at].kind in ("word", "number"):
            at += 1
        return unknown_words(self._text, sign, start, self._pieces[at - 1].end)

    def _comma(self) -> FormulaError:
        return comma(self._pieces[self._at - 1], self.now, self._pieces[self._at + 1])
