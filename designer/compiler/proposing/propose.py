"""Makes proposals: templates cut to the size of the data, wired to it, mended and laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from designer.catalogue import with_role
from designer.catalogue.datasets import DataFacts
from designer.catalogue.own_data import FileFacts
from designer.compiler.checking.data_rules import fitting_losses
from designer.compiler.checking.report import Report
from designer.compiler.lowering.recipe import training_problems
from designer.compiler.project import examine, without_defaults
from designer.compiler.proposing.kinds import EMBEDDINGS, DataKind, as_several, feature_kind, kind_of, sizes, vocabulary
from designer.compiler.proposing.templates import Template, templates
from designer.compiler.suiting import suit
from designer.graph import edits
from designer.graph.document import EMPTY, Document, Link, Node
from designer.graph.formulas import evaluate, parse, replaced
from designer.graph.layout import apply, arranged, usual_boxes
from designer.graph.names import free_id, legal

Examine = Callable[[Document], Report]
EPOCHS = ((500, 60, 16), (5_000, 20, 32), (50_000, 10, 64), (10**12, 5, 128))
"""Up to so many examples: epochs, and examples in a batch."""
WHOLE = 100
"""Epochs for one whole graph, each of which is a single step."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A design that is ready to be trained, with a sentence why; it is sound, wired to the data, and laid out."""

    name: str
    title: str
    why: str
    document: Document
    parameters: int


def propose(facts: DataFacts, data: Mapping[str, Any], examine: Examine = examine) -> tuple[Proposal, ...]:
    """The networks that suit the data, the first one to try first; `data` is what the design will say of it.

    `examine` must know the files that the data names.
    """
    found = [_made(template, facts, data, examine) for template in _suiting(facts)]
    # Second only to what is simplest.
    found[1:1] = _embedding(facts, data, examine)
    return tuple(proposal for proposal in found if proposal is not None)


def _embedding(facts: DataFacts, data: Mapping[str, Any], examine: Examine) -> list[Proposal | None]:
    """What learns a few numbers for each value of a category, where a table has such."""
    if not isinstance(facts, FileFacts) or not facts.layout.look.is_table:
        return []
    names = [part.column.name for part in facts.layout.features if part.taken == "category"]
    kinds = {**data.get("kinds", {}), **dict.fromkeys(names, "index")}
    otherwise = examine(Document(data={**data, "kinds": kinds})).facts if names else None
    if otherwise is None:
        return []
    kind = DataKind((EMBEDDINGS,), kind_of(facts).target)
    suiting = (template for template in templates() if template.suits(kind))
    return [_made(template, otherwise, {**data, "kinds": kinds}, examine) for template in suiting]


def _suiting(facts: DataFacts) -> Iterator[Template]:
    kind = kind_of(facts)
    found = [template for template in templates() if template.suits(kind)]
    if len(kind.features) > 1 and not any("other" in each for each in kind.features):
        found += [template for template in templates() if template.suits(as_several(kind))]
    alike = len({facts.fields[name].spec for name in facts.features}) == 1
    return (template for template in found if alike or not template.alike)


def _made(template: Template, facts: DataFacts, data: Mapping[str, Any], examine: Examine) -> Proposal | None:
    """One proposal; None where the template cannot be brought to suit the data after all."""
    document = _branched(template, facts) if template.branches else template.document
    document = _sized(document, template, facts)
    document = _wired(_reckoned(document, sizes(facts)), facts)
    document = replace(document, name="", notes="", extra=EMPTY, data=_data(document, data),
                       training=_training(document, facts))  # fmt: skip
    document = without_defaults(suit(document, examine).document)
    report = examine(document)
    if not report.sound or training_problems(report):
        return None
    title, why = template.document.name, template.document.notes
    document = apply(document, arranged(document, usual_boxes(document)))
    named = replace(document, name=f"{title} for {PurePath(facts.title).stem}", notes=f"# {title}\n\n{why}\n")
    return Proposal(template.name, title, why, named, report.parameters)


def _data(document: Document, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data with the template's split, where the user did not choose one."""
    return {**document.data, **data}


def _training(document: Document, facts: DataFacts) -> Mapping[str, Any]:
    epochs, batch = next((epochs, batch) for most, epochs, batch in EPOCHS if facts.examples <= most)
    if facts.whole:
        return {**document.training, "epochs": WHOLE}
    return {**document.training, "epochs": epochs, "batch_size": batch}


def _reckoned(document: Document, known: Mapping[str, int]) -> Document:
    """The design with numbers in the place of its variables."""
    values = {name: known.get(name, value) for name, value in document.variables.items()}

    def reckon(formula: str) -> Any:
        return evaluate(parse(formula), values)

    nodes = {
        name: replace(node, settings={key: replaced(value, reckon) for key, value in node.settings.items()})
        for name, node in document.nodes.items()
    }
    return replace(document, nodes=nodes, variables=EMPTY)


def _sized(document: Document, template: Template, facts: DataFacts) -> Document:
    """The height and width of the image where the template needs them."""
    for node, setting in template.sized.items():
        shape = facts.fields[facts.features[0]].spec.shape[-2:]
        document = edits.change_settings(document, node, {setting: shape})
    return document


def _wired(document: Document, facts: DataFacts) -> Document:
    """Inputs that take the features in turn and are called as they are; an Output with the usual loss."""
    first, last = with_role("input"), with_role("output")
    features = list(facts.features)
    for name, feature in zip([each.id for each in document.nodes.values() if each.layer == first], features,
                             strict=False):  # fmt: skip
        spec = facts.fields[feature].spec
        values = {"shape": spec.shape, "dtype": spec.dtype, "batched": spec.batch is not None}
        document = edits.change_settings(document, name, values)
        document = _called(document, name, feature)
    output = next(each.id for each in document.nodes.values() if each.layer == last)
    field = facts.fields[facts.target]
    losses = [loss.__name__ for loss in fitting_losses(field)]
    if losses:
        document = edits.change_settings(document, output, {"loss": losses[0]})
    return _called(document, output, facts.target)


def _called(document: Document, node: str, wanted: str) -> Document:
    """The design with a node called as its field, as far as that can be a name."""
    plain = legal(wanted)
    if node == plain:
        return document
    return edits.rename(document, node, free_id(plain, document.nodes))


def _branched(template: Template, facts: DataFacts) -> Document:
    """The design with a way in for each feature, of the kind that the feature needs."""
    document = template.document
    copied = {name for branch in template.branches.values() for name in branch}
    nodes: dict[str, Node] = {}
    links: list[Link] = []
    settings = dict(document.variables)
    for place, feature in enumerate(facts.features, 1):
        field = facts.fields[feature]
        kind = "words" if feature_kind(field) in ("sequence", "words") else "numbers"
        branch = template.branches[kind]
        names = {name: f"{name}{place}" for name in branch}
        for name in branch:
            node = document.nodes[name]
            own = _of_field(node.settings, vocabulary(field))
            nodes[names[name]] = replace(node, id=names[name], settings=own)
        links += [
            link._replace(source=names[link.source], target=names.get(link.target, link.target))
            for link in document.links
            if link.source in names
        ]
    nodes |= {name: node for name, node in document.nodes.items() if name not in copied}
    links += [link for link in document.links if link.source not in copied]
    return replace(document, nodes=nodes, links=tuple(links), positions=EMPTY, routes=EMPTY, variables=settings)


def _of_field(settings: Mapping[str, Any], numbers: int) -> dict[str, Any]:
    """The settings of a branch's node, with what it takes from its own feature."""

    def own(formula: str) -> Any:
        return numbers if formula == "=numbers" else formula

    return {key: replaced(value, own) for key, value in settings.items()}
