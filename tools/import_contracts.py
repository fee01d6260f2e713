"""A contract for import-linter: what hangs in a room's doors is the room's own."""

from __future__ import annotations

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OwnDoors(Contract):
    """Modules named in ``doors`` may be imported from their own room only, or by what stands outside all rooms.

    ``ground``: packages that are no rooms.
    """

    root = fields.StringField()
    ground = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find imports of a door from outside its room."""
        ground: Any = self.ground
        named: Any = self.doors
        depth = str(self.root).count(".") + 1
        children = [name for name in graph.find_children(str(self.root)) if graph.find_children(name)]
        rooms = [name for name in children if name.split(".")[-1] not in ground]
        doors = {
            module: room
            for room in rooms
            for module in graph.find_descendants(room)
            if module.split(".")[depth + 1] in named
        }
        found = [
            (importer, module)
            for module, room in sorted(doors.items())
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if room != (house := ".".join(importer.split(".")[: depth + 1])) and house in rooms
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each of them."""
        found: Any = check.metadata["found"]
        for importer, module in found:
            output.print_error(f"- {importer} -> {module}")
