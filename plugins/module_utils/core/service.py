# Copyright: (c) 2026, dataops.access contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an object kind has to bring along: reading, comparing, writing. Knows no vendor and no HTTP."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ansible_collections.dataops.access.plugins.module_utils.core.account import USER, Account
from ansible_collections.dataops.access.plugins.module_utils.core.errors import Refusal, Refused, ValidationError
from ansible_collections.dataops.access.plugins.module_utils.core.masking import Revealed
from ansible_collections.dataops.access.plugins.module_utils.core.resource import (
    NEVER,
    PRESENT,
    Declared,
    FieldChange,
    Observed,
    Option,
    Resource,
)

CREATE = "create"
UPDATE = "update"
DELETE = "delete"


@dataclass
class Snapshot:
    """What the platform has, read at one moment."""

    objects: list[Observed]
    # False: the platform refused the listing and only the declared objects were read. A purge is impossible then.
    complete: bool = True
    warnings: list[str] = field(default_factory=list)
    # What the service needs for comparing and is no object of this kind (user ids by e-mail).
    extra: Any = None
    _index: dict[str, list[Observed]] | None = None

    def matching(self, match: str) -> list[Observed]:
        """All objects of that identity, in the order of the listing."""
        if self._index is None:
            self._index = {}
            for observed in self.objects:
                self._index.setdefault(observed.match, []).append(observed)
        return self._index.get(match, [])


@dataclass
class Change:
    """One object out of line, and what brings it in line."""

    key: str
    action: str
    fields: dict[str, FieldChange]
    declared: Declared | None = None
    observed: Observed | None = None
    # The object's result fields as they will be; None: it will be gone.
    after: dict[str, Any] | None = None
    # Locks somebody out without deleting: counts as a deletion.
    disables: bool = False
    # How much of a paid yearly quota this spends.
    registrations: int = 0
    # A new object takes the place of the old one.
    replaced: bool = False
    # Why the plan will not do it; anything here stops the task before its first write. A plain string is a conflict,
    # a core.errors.Refusal says what else it is.
    refusals: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    # Whether the writes may be sent again when a re-read shows that nothing happened.
    repeatable: bool = True
    # Changes of a later stage wait for all of the earlier ones.
    stage: int = 0
    # Whether a part of it has been written: it then changed something even where it fails as a whole.
    begun: bool = False
    # Further keys of its entry in the result's ``changes``.
    details: dict[str, Any] = field(default_factory=dict)
    # What only the service understands.
    work: Any = None

    @property
    def entry(self) -> Declared:
        """The declared object; a purged one has none, which is a TypeError."""
        if self.declared is None:
            raise TypeError("a purged object is not declared")
        return self.declared

    @property
    def current(self) -> Observed:
        """The object as it is; one to be created has none, which is a TypeError."""
        if self.observed is None:
            raise TypeError("an object to be created does not exist yet")
        return self.observed

    @property
    def target(self) -> dict[str, Any]:
        """The object's fields as they will be; one to be removed has none, which is a TypeError."""
        if self.after is None:
            raise TypeError("a removed object has no fields")
        return self.after

    @property
    def counts_as_deletion(self) -> bool:
        """Whether ``max_deletions`` counts it: removing and disabling, not replacing."""
        return self.action == DELETE or self.disables


class Reader(ABC):
    """What an info module needs of one object kind of one platform."""

    # How the platform is reached: an http.connection.Platform.
    platform: ClassVar[Any]
    info_options: ClassVar[tuple[Option, ...]] = ()

    def __init__(self, client: Any, options: Mapping[str, Any], connection: Any) -> None:
        """``client``: http.client.Client; ``options``: the module's; ``connection``: http.connection.Connection."""
        self.client = client
        self.options = options
        self.connection = connection

    @abstractmethod
    def info(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The info module's results, by name. Nothing found is an empty list. Raises AccessError."""


class Service(Reader):
    """One object kind of one platform. A service is made for one task; only :meth:`write` writes."""

    resource: ClassVar[Resource]
    # Options of the plural module alone.
    many_options: ClassVar[tuple[Option, ...]] = ()
    # Whether sending a creation again cannot make a second object (the server refuses a taken name).
    unique_on_create: ClassVar[bool] = True

    def __init__(self, client: Any, options: Mapping[str, Any], connection: Any) -> None:
        super().__init__(client, options, connection)
        # Secrets that ``return_secret`` asked for, ``{result field: value}`` by ``Declared.match``: a part of the
        # returned object.
        self.revealed: dict[str, dict[str, Revealed]] = {}

    # --- declared state -------------------------------------------------------------------------------------

    def declare(self, options: Mapping[str, Any], position: int | None = None) -> Declared:
        """One entry, checked without asking the platform. Raises ValidationError naming the option."""
        if options.get("return_secret") and self.options.get("return_objects") is False:
            raise ValidationError("return_secret needs return_objects: true, or the secret would not be returned")
        checked = self.check_options(dict(options))
        key, match = self.identify(checked)
        state = checked.get("state") or PRESENT
        becomes = self.renamed(checked) if state == PRESENT else None
        return Declared(key, match, state, checked, position, becomes)

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """``options`` normalised. Raises ValidationError. By default they are taken as they are."""
        return options

    @abstractmethod
    def identify(self, options: Mapping[str, Any]) -> tuple[str, str]:
        """Key (for people) and match (for comparing) of a declared object."""

    def renamed(self, options: Mapping[str, Any]) -> str | None:
        """The match that an object named otherwise (by its id) has by the name that it gets; None: it gets none."""
        return None

    # --- reading --------------------------------------------------------------------------------------------

    @abstractmethod
    def observe(self, declared: Sequence[Declared], again: bool = False) -> Snapshot:
        """Read what is needed to plan ``declared``; ``again``: after writing, to verify, without side checks.

        A listing that could not be read whole raises; it is never returned short.
        """

    def reread(self, change: Change) -> Observed | None:
        """The one object of ``change`` as it is now; by default through another listing."""
        declared = [change.declared] if change.declared else []
        snapshot = self.observe(declared, again=True)
        if change.declared:
            return self.find(change.declared, snapshot)
        found = snapshot.matching(change.current.match)
        return found[0] if found else None

    def rest(self, change: Change, snapshot: Snapshot) -> Change | None:
        """What is still to do of ``change`` after an answer was lost, by reading again; None: it was carried out.

        ``snapshot`` is what the plan was made from.
        """
        observed = self.reread(change)
        if change.declared is not None:
            return self.compare(change.declared, observed, snapshot)
        return self.removal(observed) if observed is not None and observed.exists else None

    # --- comparing (pure) -----------------------------------------------------------------------------------

    def find(self, declared: Declared, snapshot: Snapshot) -> Observed | None:
        """The object that ``declared`` means. Raises Refused when that is not clear."""
        found = snapshot.matching(declared.match)
        if len(found) > 1:
            names = ", ".join(sorted(str(item.handle or item.key) for item in found))
            raise Refused(
                f"{self.resource.noun} '{declared.key}' is ambiguous: the platform lists {len(found)} of that "
                f"identity ({names}); remove or rename all but one, or name it by its id where the module has one"
            )
        return found[0] if found else None

    def wanted(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> dict[str, Any]:
        """The fields that ``declared`` gives a value, by name; the rest is left alone."""
        return {field.name: declared[field.name] for field in self.resource.fields if declared[field.name] is not None}

    def compare(self, declared: Declared, observed: Observed | None, snapshot: Snapshot) -> Change | None:
        """What brings ``observed`` in line with ``declared``; None: nothing to do."""
        if observed is not None and not observed.exists:
            observed = None
        if declared.absent:
            return None if observed is None else self.removal(observed, declared)
        wanted = self.wanted(declared, observed, snapshot)
        if observed is None:
            return self.creation(declared, wanted)
        return self.update(declared, observed, wanted)

    def creation(self, declared: Declared, wanted: Mapping[str, Any]) -> Change:
        """The change that makes ``declared``."""
        values = dict(wanted)
        missing = []
        for item in self.resource.fields:
            if values.get(item.name) is None:
                if item.required_to_create:
                    missing.append(item.name)
                if item.create_default is not None:
                    values[item.name] = item.create_default
        change = Change(
            declared.key,
            CREATE,
            {
                name: self.resource.field(name).change(None, value)
                for name, value in sorted(values.items())
                if name not in self.resource.identity and value is not None
            },
            declared=declared,
            after=self.shown(values),
            repeatable=self.unique_on_create,
        )
        if missing:
            change.refusals.append(
                Refusal.invalid(
                    f"{self.resource.noun} '{declared.key}' does not exist, and creating it needs {', '.join(missing)}"
                )
            )
        return change

    def update(self, declared: Declared, observed: Observed, wanted: Mapping[str, Any]) -> Change | None:
        """The change of those fields that differ; None when none does."""
        fields = {}
        values = {}
        for item in self.resource.fields:
            if item.compare == NEVER or item.name not in wanted:
                continue
            before = observed.values.get(item.name)
            if not item.same(before, wanted[item.name]):
                fields[item.name] = item.change(before, wanted[item.name])
                values[item.name] = item.normal(wanted[item.name])
        if not fields:
            return None
        after = {**observed.values, **self.shown(values)}
        return Change(observed.key, UPDATE, fields, declared=declared, observed=observed, after=after)

    def removal(self, observed: Observed, declared: Declared | None = None) -> Change:
        """The change that removes ``observed``: declared absent, or purged."""
        change = Change(observed.key, DELETE, {}, declared=declared, observed=observed, stage=1)
        if observed.protected:
            change.refusals.append(
                f"{self.resource.noun} '{observed.key}' is never removed: it is {observed.protected}"
            )
        return change

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """``values`` of fields as the result shows them: normalised, no secret."""
        return {
            item.name: item.normal(values[item.name])
            for item in self.resource.fields
            if item.name in values and not item.secret
        }

    def belongs(self, observed: Observed, matches: AbstractSet[str]) -> bool:
        """Whether ``observed`` is a part of a declared object under another name, so that it is not unmanaged."""
        return False

    def is_administrator(self, values: Mapping[str, Any]) -> bool:
        """Whether an object with these result fields may administer the platform; the last one who may is kept."""
        return False

    def refine(self, changes: list[Change], snapshot: Snapshot) -> list[str]:
        """Look at the plan as a whole: refuse single changes (append to their refusals), warn.

        Returns refusals that concern no single object.
        """
        return []

    # --- writing --------------------------------------------------------------------------------------------

    @abstractmethod
    def write(self, change: Change) -> None:
        """Carry out ``change``. Raises AccessError; LostAnswer when a write may or may not have happened."""

    def not_kept(self, change: Change, rest: Change) -> str:
        """What to say when the server accepted ``change`` and a re-read shows that ``rest`` is still to do."""
        what = ", ".join(sorted(rest.fields)) or rest.action
        return (
            f"the server accepted the {change.action} of {self.resource.noun} '{change.key}', but reading it again "
            f"shows that this was not kept: {what}"
        )

    def accepted(self) -> int:
        """How many writes the platform has accepted from this thread so far."""
        return int(getattr(self.client, "accepted", 0))

    # --- results --------------------------------------------------------------------------------------------

    def result(self, observed: Observed) -> dict[str, Any]:
        """The object as the modules return it."""
        return observed.values

    def identity(self, observed: Observed) -> dict[str, Any]:
        """The options that name this very object in a declaration."""
        return {self.resource.identity[0]: observed.key}

    def account(self, observed: Observed) -> Account:
        """The object as a reviewer of access sees it; what makes an administrator is the vendor's knowledge."""
        return Account(USER, people=(observed.key,))

    def further_results(self, declared: Sequence[Declared], snapshot: Snapshot, one: bool) -> dict[str, Any]:
        """Results of this kind of object beside the common ones, by name; ``one``: of the singular module.

        ``snapshot`` is what the plan was made from.
        """
        return {}

    def info(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Every object that the info options do not filter out, by key."""
        wanted = {
            option.name: options[option.name] for option in self.info_options if options.get(option.name) is not None
        }
        found = [
            self.result(observed)
            for observed in sorted(self.observe([]).objects, key=lambda item: item.key)
            if all(self._passes(observed, name, value) for name, value in wanted.items())
        ]
        return {self.resource.listed_as: found}

    def _passes(self, observed: Observed, name: str, value: Any) -> bool:
        if (name,) == self.resource.identity:
            return self.identify({name: value})[1] == observed.match
        try:
            field = self.resource.field(name)
        except KeyError:
            return True
        return field.same(observed.values.get(name), value)


def check_unique(declared: Iterable[Declared], noun: str, where: str = "") -> None:
    """Raise ValidationError when two declared objects have one identity. ``where``: how the message begins."""
    entries = list(declared)
    seen: dict[str, Declared] = {}
    for entry in entries:
        _check_same(seen.setdefault(entry.match, entry), entry, where + noun)
    for entry in entries:
        _check_same(seen.get(entry.becomes or "", entry), entry, where + noun)


def _check_same(other: Declared, entry: Declared, noun: str) -> None:
    if other is not entry:
        raise ValidationError(
            f"{noun} '{entry.key}' is declared twice: entries {_place(other)} and {_place(entry)}; keep one"
        )


def _place(entry: Declared) -> str:
    return "?" if entry.position is None else str(entry.position + 1)
