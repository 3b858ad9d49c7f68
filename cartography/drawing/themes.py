"""How a map is dressed: every colour and strength of a theme, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from cartography.errors import unknown_name

__all__ = ["SANS", "SERIF", "THEMES", "Theme", "theme_named"]

SERIF = "Georgia, 'Liberation Serif', 'DejaVu Serif', 'Times New Roman', serif, 'Liberation Sans', sans-serif"
"""Ends in a face that vl-convert brings along: where no serif face exists, text must not vanish."""
SANS = "'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


@dataclass(frozen=True)
class Theme:
    """The look of a map. Colours are "#rrggbb".

    Attributes
    ----------
    paper, deep : the sea by the frame, and what stains it far out
    wash : the sea along the coast; `wash_share` how much of it
    wave : the engraved lines along the coast; `wave_share` how strong, 0 for none
    ramp : (height 0..1, colour) from the beach to the snow
    tint_share : how much of a realm's colour goes into its land
    tint_rim : the same along the realms' borders, as in atlases coloured by hand
    tint_calm : 0..1, how far that colour is first drawn to a middling lightness and a weak saturation
    relief : strength of the shading, 0 for flat land; `shade` and `glow` what slopes turn to out of and in the light
    roughness : strength of the decorative roughness of slopes, 0 for none
    ink : lines and text; `coast` the coast's line, `contour` the height lines with `contour_share`
    road : roads over land
    halo : behind text; `accent` for names of realms and ornaments
    panel : ground of legend and cartouche
    grain, stain : strength of the paper's grain and of its stains
    shadow : strength of the shadow that land throws on the sea
    vignette : how much darker the corners of a page are
    wood : the crowns of trees
    landmarks : whether mountains, hills and woods are drawn
    missing : items without a value
    font, title_font : CSS font stacks
    fantasy : whether maps may use words and ornaments of a fantasy map
    dark : whether colours of groups must stand out from dark ground
    """

    name: str
    paper: str
    deep: str
    wash: str
    wash_share: float
    wave: str
    wave_share: float
    ramp: tuple[tuple[float, str], ...]
    tint_share: float
    tint_rim: float
    tint_calm: float
    relief: float
    shade: str
    glow: str
    roughness: float
    ink: str
    coast: str
    contour: str
    contour_share: float
    road: str
    halo: str
    accent: str
    panel: str
    grain: float
    stain: float
    shadow: float
    vignette: float
    wood: str
    landmarks: bool
    missing: str
    font: str
    title_font: str
    fantasy: bool
    dark: bool


_FANTASY = Theme(
    name="fantasy",
    paper="#e7dabb",
    deep="#c9b286",
    wash="#93ab9f",
    wash_share=0.72,
    wave="#4f5f5a",
    wave_share=0.62,
    ramp=(
        (0.00, "#e4d6a4"),
        (0.08, "#cfd095"),
        (0.28, "#b4bd7c"),
        (0.48, "#bfa76b"),
        (0.68, "#a38159"),
        (0.84, "#957f70"),
        (0.93, "#cfc6bb"),
        (1.00, "#f7f3ea"),
    ),
    tint_share=0.30,
    tint_rim=0.74,
    tint_calm=0.5,
    relief=1.0,
    shade="#2f2118",
    glow="#fff6dc",
    roughness=1.0,
    ink="#3b2616",
    coast="#33210f",
    contour="#59401f",
    contour_share=0.22,
    road="#6d4322",
    halo="#f3e6c4",
    accent="#7d2418",
    panel="#efe1bb",
    grain=0.030,
    stain=0.55,
    shadow=0.42,
    vignette=0.26,
    wood="#6f7f43",
    landmarks=True,
    missing="#8f877a",
    font=SERIF,
    title_font=SERIF,
    fantasy=True,
    dark=False,
)

_PLAIN = Theme(
    name="plain",
    paper="#ffffff",
    deep="#ffffff",
    wash="#eef2f4",
    wash_share=1.0,
    wave="#ffffff",
    wave_share=0.0,
    ramp=((0.0, "#f4f3ef"), (0.5, "#e9e7e0"), (1.0, "#d9d6cc")),
    tint_share=0.34,
    tint_rim=0.44,
    tint_calm=0.2,
    relief=0.0,
    shade="#000000",
    glow="#ffffff",
    roughness=0.0,
    ink="#222222",
    coast="#9a9a9a",
    contour="#77746c",
    contour_share=0.30,
    road="#555555",
    halo="#ffffff",
    accent="#222222",
    panel="#ffffff",
    grain=0.0,
    stain=0.0,
    shadow=0.0,
    vignette=0.0,
    wood="#777777",
    landmarks=False,
    missing="#9a9a9a",
    font=SANS,
    title_font=SANS,
    fantasy=False,
    dark=False,
)

_NIGHT = Theme(
    name="night",
    paper="#0e1620",
    deep="#0a1018",
    wash="#1d3442",
    wash_share=0.85,
    wave="#4b7180",
    wave_share=0.40,
    ramp=(
        (0.00, "#26323a"),
        (0.30, "#2e3c42"),
        (0.60, "#3b4549"),
        (0.80, "#525a5e"),
        (1.00, "#8e979b"),
    ),
    tint_share=0.38,
    tint_rim=0.60,
    tint_calm=0.3,
    relief=0.8,
    shade="#05090e",
    glow="#d8e2e2",
    roughness=0.8,
    ink="#e6e1d3",
    coast="#7fa3ad",
    contour="#9fb4ba",
    contour_share=0.14,
    road="#d9c39a",
    halo="#0d141c",
    accent="#f0c98a",
    panel="#141e29",
    grain=0.012,
    stain=0.15,
    shadow=0.5,
    vignette=0.3,
    wood="#2f4a44",
    landmarks=True,
    missing="#6c7680",
    font=SERIF,
    title_font=SERIF,
    fantasy=True,
    dark=True,
)

THEMES = {theme.name: theme for theme in (_FANTASY, _PLAIN, _NIGHT)}
"""Every theme by its name."""


def theme_named(theme: str | Theme) -> Theme:
    """Return the theme of this name (a `Theme` is passed through). Raises `ParameterError` when unknown."""
    if isinstance(theme, Theme):
        return theme
    if theme not in THEMES:
        raise unknown_name("theme", theme, THEMES)
    return THEMES[theme]
