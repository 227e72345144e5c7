"""Where clauses taken apart: a tree without them, and their definitions in an order in which each comes before its use.

A clause stands at the end of a text, or of a bracket: `(norm(w) where w = A@x) + c`.  Its names are names of the whole question, so
two clauses cannot define one name in two ways.
"""

from __future__ import annotations

from typing import TypeAlias

from matcalc.syntax.tree import Branch, postorder

Definition: TypeAlias = tuple[str, Branch]


def without_clauses(root: Branch) -> tuple[Branch, list[Definition]]:
    """The tree, and the definitions of its clauses, those of outer clauses first."""
    trees: dict[int, Branch] = {}
    found: dict[int, list[Definition]] = {}
    for branch in postorder(root):
        parts = tuple(trees[id(part)] for part in branch.parts)
        if branch.kind == "where":
            body, bindings = branch.parts[0], branch.parts[1:]
            # The body keeps the brackets around its clause: they say what belongs together.
            trees[id(branch)] = parts[0]
            found[id(branch)] = [d for b in bindings for d in found.pop(id(b), [])] + found.pop(id(body), [])
        elif branch.kind == "binding":
            found[id(branch)] = [*found.pop(id(branch.parts[0]), []), (str(branch.value), parts[0])]
            trees[id(branch)] = branch
        else:
            inside = [d for part in branch.parts for d in found.pop(id(part), [])]
            if inside:
                found[id(branch)] = inside
            same = all(new is old for new, old in zip(parts, branch.parts, strict=True))
            trees[id(branch)] = branch if same else Branch(branch.kind, parts, branch.value, branch.start, branch.end)
    return trees[id(root)], found.get(id(root), [])
