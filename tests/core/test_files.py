"""Nested settings made flat."""

from ganstudy.core.files import flat


def test_nested_settings_get_dotted_keys_and_empty_ones_none() -> None:
    nested = {"optimizer": {"lr": 0.1, "of": {"name": "adam"}}, "loss": {}, "steps": None}
    assert flat(nested) == {"optimizer.lr": 0.1, "optimizer.of.name": "adam", "steps": None}
