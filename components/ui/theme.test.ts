import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const css = readFileSync(path.resolve(import.meta.dirname, "../../app/globals.css"), "utf8");

function colours(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf("\n}", start));
  return Object.fromEntries(
    [...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6})/g)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string | undefined, b: string | undefined): number {
  if (!a || !b) throw new Error("The theme lacks a colour");
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  ["light", colours(":root")],
  ["dark", colours('[data-theme="dark"]')],
])("the %s theme", (_name, theme) => {
  const surfaces = ["page", "panel", "raised", "inset", "hover"];
  const texts = ["ink", "muted", "faint", "accent", "ok", "notice", "warning", "critical", "unknown"];

  it.each(surfaces)("keeps every text at 4.5:1 or more on %s", (surface) => {
    for (const text of texts)
      expect(contrast(theme[text], theme[surface]), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
  });

  it("keeps states readable on their own tints and words readable on buttons", () => {
    for (const state of ["ok", "notice", "warning", "critical", "unknown", "accent"])
      expect(contrast(theme[state], theme[`${state}-soft`]), state).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme["on-accent"], theme.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme.panel, theme.critical)).toBeGreaterThanOrEqual(4.5);
  });

  it("keeps series and controls at 3:1 or more on panels", () => {
    for (let slot = 1; slot <= 8; slot += 1)
      expect(contrast(theme[`series-${slot}`], theme.panel), `series ${slot}`).toBeGreaterThanOrEqual(3);
    expect(contrast(theme.control, theme.panel)).toBeGreaterThanOrEqual(3);
    // How many wait is written in its colour, also in a row that is pointed at.
    for (const surface of ["panel", "hover"])
      expect(contrast(theme["series-6"], theme[surface]), surface).toBeGreaterThanOrEqual(4.5);
  });
});
