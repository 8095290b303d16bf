"""The kinds of pictures, found in the modules beside this one, in the order of the page."""

from importlib import import_module
from pkgutil import iter_modules

from ganstudy.reporting import pictures
from ganstudy.reporting.picture import Picture

_modules = [
    import_module(f"{pictures.__name__}.{module.name}")
    for module in iter_modules(pictures.__path__)
    if module.name != "registry"
]
PICTURES = sorted(
    (found for module in _modules for found in vars(module).values() if isinstance(found, Picture)),
    key=lambda picture: picture.place,
)
