"""Designsystemet is the files we vendored, and the marks' colours are its own."""

import hashlib
import re
from itertools import pairwise

import pytest

from scheduler.ledger.state import State, Tone
from scheduler.settings import PROJECT_ROOT
from web.wheel.shapes import SHAPES, TONE_COLOURS

FOLDER = PROJECT_ROOT / "web/static/vendor/designsystemet"
THEME = (FOLDER / "theme.css").read_text(encoding="utf-8")
ENOUGH_FOR_TEXT = 4.5
ENOUGH_FOR_SHAPES = 3.0


def colours(scheme: str) -> dict[str, str]:
    """Variable -> colour of one scheme of the theme."""
    block = THEME.split(f"@layer ds.theme.color-scheme.{scheme}{{", 1)[1]
    return dict(re.findall(r"--ds-color-([a-z0-9-]+):(#[0-9a-f]{3,6})", block.split("}", 1)[0]))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = (int(digits[at:to], 16) / 255 for at, to in pairwise(range(0, 7, 2)))
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_vendored_files_are_those_we_recorded():
    lines = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    recorded = {name: checksum for checksum, name in (line.split() for line in lines)}
    assert set(recorded) == {"designsystemet.css", "theme.css", "LICENSE"}
    for name, checksum in recorded.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == checksum


def test_version_and_licence_are_beside_them():
    assert "@digdir/designsystemet-css 1.22.0" in (FOLDER / "VERSION").read_text(encoding="utf-8")
    assert "Permission is hereby granted" in (FOLDER / "LICENSE").read_text(encoding="utf-8")


def test_every_state_has_a_shape_of_its_own():
    assert set(SHAPES) == set(State)
    assert len(set(SHAPES.values())) == len(SHAPES)


@pytest.mark.parametrize("tone", Tone)
def test_the_wheel_as_a_file_has_the_themes_colours(tone):
    assert TONE_COLOURS[tone] == colours("light")[f"{tone}-text-subtle"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tone", Tone)
def test_shapes_stand_out_from_everything_the_wheel_puts_under_them(scheme, tone):
    theme = colours(scheme)
    for ground in (
        "neutral-background-default",
        "neutral-background-tinted",
        "accent-background-tinted",
    ):
        assert contrast(theme[f"{tone}-text-subtle"], theme[ground]) >= ENOUGH_FOR_SHAPES


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_wheels_words_can_be_read(scheme):
    theme = colours(scheme)
    grounds = (
        "neutral-background-default",
        "neutral-background-tinted",
        "accent-background-tinted",
    )
    for ink in ("neutral-text-default", "neutral-text-subtle", "accent-text-subtle"):
        for ground in grounds:
            assert contrast(theme[ink], theme[ground]) >= ENOUGH_FOR_TEXT


def test_the_contrast_formula_knows_black_on_white():
    assert contrast("#000", "#fff") == pytest.approx(21)
