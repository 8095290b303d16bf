"""dvc.yaml as DVC expands it, and dvc.lock: what each stage is and what it was when it last ran.

DVC itself would tell, but takes seconds for it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from itertools import product
from json import dumps, loads
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ganstudy import layout
from ganstudy.lock import read_lock as parsed
from ganstudy.params import FILE, UserError

PIPELINE = Path("dvc.yaml")
SIZES = ("size", "nfiles")
ABSENT = object()
"""In place of a setting that params.yaml does not have."""


@dataclass(frozen=True)
class Stage:
    """A stage, or one of a matrix."""

    name: str
    """As DVC calls it: `train@ring-mse`."""
    command: str
    params: tuple[str, ...]
    deps: tuple[str, ...]
    outs: tuple[str, ...]
    uncached: frozenset[str]
    """Those of the outputs that git keeps instead of DVC."""
    persists: bool = False
    """Whether an output stays while the stage runs. DVC looks for no earlier run of such a stage."""

    @property
    def step(self) -> str:
        """What the stages of a matrix have in common."""
        return self.name.partition("@")[0]

    @property
    def of(self) -> tuple[str, ...]:
        """The variant, or the variant and the loss; empty for stages of the whole study."""
        return tuple(self.name.partition("@")[2].split("-")) if "@" in self.name else ()


@dataclass(frozen=True)
class Entry:
    """What a stage was when it last ran, as in dvc.lock or in DVC's run cache."""

    command: str
    params: Mapping[str, Any]
    deps: Mapping[str, str]
    """Each one's hash, by path; so the outputs'."""
    outs: Mapping[str, str]
    sizes: Mapping[str, tuple[int | None, int | None]]
    """Of the outputs, in bytes and, of a folder, in files."""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Entry":
        deps, outs = entry.get("deps") or (), entry.get("outs") or ()
        return cls(
            entry["cmd"],
            (entry.get("params") or {}).get(str(FILE), {}),
            {dep["path"]: dep.get("md5", "") for dep in deps},
            {out["path"]: out.get("md5", "") for out in outs},
            {out["path"]: (out.get("size"), out.get("nfiles")) for out in outs},
        )


def read_yaml(path: Path) -> Any:
    """The contents of a YAML file, read the way DVC reads it. UserError if they are none."""
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise UserError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None


def stages(pipeline: Mapping[str, Any], settings: Mapping[str, Any]) -> list[Stage]:
    """Every stage of dvc.yaml, for the variants and losses of params.yaml."""
    return [
        stage
        for name, content in (pipeline.get("stages") or {}).items()
        for stage in _expanded(name, content, settings)
    ]


def _expanded(name: str, content: Mapping[str, Any], settings: Mapping[str, Any]) -> Iterator[Stage]:
    matrix = {key: _keys(over, settings) for key, over in (content.get("matrix") or {}).items()}
    for items in product(*matrix.values()):
        chosen = {f"${{item.{key}}}": item for key, item in zip(matrix, items, strict=True)}
        outs = [
            (_filled(path, chosen), about)
            for kind in ("outs", "metrics", "plots")
            for path, about in _flagged(content.get(kind) or ())
        ]
        yield Stage(
            "@".join([name, "-".join(items)]) if matrix else name,
            _filled(content["cmd"], chosen),
            # What names a whole file, as the stage does that lists code, is no setting to be looked up.
            tuple(_filled(path, chosen) for path in content.get("params") or () if isinstance(path, str)),
            tuple(_filled(path, chosen) for path in content.get("deps") or ()),
            tuple(path for path, _ in outs),
            frozenset(path for path, about in outs if not about.get("cache", True)),
            any(about.get("persist") for _, about in outs),
        )


def _keys(over: Any, settings: Mapping[str, Any]) -> list[str]:
    """What a matrix goes over: a list, or the keys of a part of params.yaml."""
    found = at(settings, over.strip("${}")) if isinstance(over, str) else over
    return [str(key) for key in found]


def _flagged(paths: Iterable[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in paths:
        yield from path.items() if isinstance(path, dict) else [(path, {})]


def _filled(text: str, chosen: Mapping[str, str]) -> str:
    for place, item in chosen.items():
        text = text.replace(place, item)
    return text


def at(settings: Any, place: str) -> Any:
    """The setting at a dotted place; ABSENT if there is none."""
    for key in place.split("."):
        if not isinstance(settings, Mapping) or key not in settings:
            return ABSENT
        settings = settings[key]
    return settings


def md5(path: Path) -> str | None:
    """The hash by which dvc.lock knows a file, or a folder with everything in it; None if it is not there."""
    if path.is_file():
        return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    if path.is_dir():
        from ganstudy.lock import dvc_md5

        return dvc_md5(path)
    return None


class Cache:
    """What DVC's cache on this machine holds."""

    def __init__(self) -> None:
        self.home = _cache_folder()

    def holds(self, md5: str) -> bool:
        """A file, or a folder with all its files."""
        if not md5.endswith(".dir"):
            return self._object(md5).is_file()
        try:
            content = loads(self._object(md5).read_bytes())
        except FileNotFoundError:
            return False
        return all(self._object(file["md5"]).is_file() for file in content)

    def ran(self, stage: Stage, params: Mapping[str, Any], deps: Mapping[str, str]) -> Entry | None:
        """What came out when the stage ran with these settings and dependencies; None if it never did."""
        if stage.persists:
            return None
        what = {
            "cmd": stage.command,
            "deps": [{"path": path, "hash": "md5", "md5": deps[path]} for path in sorted(deps)],
            "params": {str(FILE): dict(params)} if params else {},
            "outs": sorted(stage.outs),
        }
        what = _without_sizes({part: content for part, content in what.items() if content})
        key = hashlib.sha256(dumps(what, sort_keys=True).encode()).hexdigest()
        found = sorted((self.home / "runs" / key[:2] / key).glob("*"), key=lambda path: path.stat().st_mtime)
        return Entry.of(read_yaml(found[-1])) if found else None

    def _object(self, md5: str) -> Path:
        return self.home / "files/md5" / md5[:2] / md5[2:]


def _without_sizes(content: Any) -> Any:
    """As DVC looks runs up: whatever is called `size` or `nfiles`, settings too, is left out."""
    if isinstance(content, dict):
        return {key: _without_sizes(value) for key, value in content.items() if key not in SIZES}
    return [_without_sizes(item) for item in content] if isinstance(content, list) else content


def _cache_folder() -> Path:
    """Where DVC is told to keep its cache, and by default below .dvc."""
    here = Path.cwd()
    home = next((folder / ".dvc" for folder in (here, *here.parents) if (folder / ".dvc").is_dir()), None)
    if home is None:
        return here / ".dvc/cache"
    config = ConfigParser(interpolation=None, strict=False)
    config.read([Path.home() / ".config/dvc/config", home / "config", home / "config.local"])
    return home / Path(config.get("cache", "dir", fallback="cache")).expanduser()


def read_lock() -> dict[str, Entry]:
    """The stages of dvc.lock by name; none if there is no such file."""
    if not layout.LOCK.is_file():
        return {}
    lock = parsed(layout.LOCK.read_text(encoding="utf-8"))
    return {name: Entry.of(entry) for name, entry in (lock.get("stages") or {}).items()}
