import type { Domain } from "./strip-geometry.ts";

/** Nothing is shown closer than this: a minute across the strip. */
const leastMs = 60_000;

/** The zoom made `factor` times as wide around its middle (or now, when all is shown); null when that is everything. */
export function scaleZoom(zoom: Domain | null, whole: Domain, nowMs: number, factor: number): Domain | null {
  const from = zoom ?? whole;
  const wholeWidth = whole.toMs - whole.fromMs;
  const width = Math.max(leastMs, (from.toMs - from.fromMs) * factor);
  if (width >= wholeWidth) return null;
  const middle = zoom ? (zoom.fromMs + zoom.toMs) / 2 : nowMs;
  return within(middle - width / 2, width, whole);
}

/** The zoom moved by `share` of its width, never past the ends. */
export function moveZoom(zoom: Domain, whole: Domain, share: number): Domain {
  const width = zoom.toMs - zoom.fromMs;
  return within(zoom.fromMs + width * share, width, whole);
}

function within(fromMs: number, width: number, whole: Domain): Domain {
  const start = Math.max(whole.fromMs, Math.min(fromMs, whole.toMs - width));
  return { fromMs: start, toMs: start + width };
}
