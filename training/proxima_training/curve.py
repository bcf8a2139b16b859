"""Draws the log of a run as a picture without any library."""

from __future__ import annotations

import math
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 720, 360, 48
COLOURS = {"prose": "#2563a8", "copy": "#b4531b", "answers": "#3f7d3a"}
#: Steps that a drawn value is a mean of.
SMOOTHED = 9


def draw_curve(log: list[dict], path: str | Path) -> None:
    """Divergence from the dense model by step and kind: lines in training (smoothed), dots on held-out text."""
    lines = {kind: _smoothed([(of["step"], of[kind]) for of in log if kind in of]) for kind in COLOURS}
    dots = {
        kind: [(of["step"], of["held"][kind]["divergence"]) for of in log if kind in of.get("held", {})]
        for kind in COLOURS
    }
    points = [point for of in (*lines.values(), *dots.values()) for point in of]
    if not points:
        return
    last = max(1, max(step for step, _ in points))
    low = math.floor(math.log10(max(1e-5, min(value for _, value in points))))
    high = math.ceil(math.log10(max(1e-4, max(value for _, value in points))))
    x = lambda step: MARGIN + (WIDTH - 2 * MARGIN) * step / last  # noqa: E731
    y = lambda value: HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (  # noqa: E731
        (math.log10(max(1e-5, value)) - low) / max(1, high - low)
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{MARGIN}" y="20">Divergence from the dense model, nats a token; dots on held-out text</text>',
    ]
    for exponent in range(low, high + 1):
        at = y(10**exponent)
        parts.append(f'<path d="M{MARGIN} {at:.1f}H{WIDTH - MARGIN}" stroke="#ddd"/>')
        parts.append(f'<text x="{MARGIN - 6}" y="{at + 4:.1f}" text-anchor="end">{10**exponent:g}</text>')
    for step in sorted({0, last // 2, last}):
        parts.append(f'<text x="{x(step):.1f}" y="{HEIGHT - MARGIN + 16}" text-anchor="middle">{step}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">steps</text>')
    for index, (kind, colour) in enumerate(COLOURS.items()):
        if lines[kind]:
            path_data = "L".join(f"{x(step):.1f} {y(value):.1f}" for step, value in lines[kind])
            parts.append(f'<path d="M{path_data}" fill="none" stroke="{colour}"/>')
        parts += [f'<circle cx="{x(step):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>' for step, value in dots[kind]]
        parts.append(f'<text x="{WIDTH - MARGIN}" y="{20 + 14 * index}" text-anchor="end" fill="{colour}">{kind}</text>')
    Path(path).write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


def _smoothed(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    found = []
    for index, (step, _) in enumerate(points):
        window = [value for _, value in points[max(0, index - SMOOTHED + 1) : index + 1]]
        found.append((step, sum(window) / len(window)))
    return found
