import type { LaneSpan } from "@/lib/partition-facts/types.ts";
import type { PlacedCell, PlacedLane } from "./strip-geometry.ts";

/** One of what pointer and keyboard reach in a lane. Pixels of the plot; beside the axis those of that room. */
export type StripStop =
  | { kind: "cell" | "aside"; key: string; x: number; width: number; placed: PlacedCell }
  | { kind: "gap"; key: string; x: number; width: number; gap: LaneSpan };

/** A gap may be a hair's breadth; what one clicks is not. Where it covers a neighbour, that is reached beside it. */
const minGapPixels = 14;

/** The stops of a lane in the order in which arrow keys go: along the axis, then beside it. */
export function orderStops({ cells, aside, gaps }: PlacedLane, asideWidth: number): StripStop[] {
  const along: StripStop[] = [
    ...cells.map((placed) => ({ kind: "cell" as const, ...placeOf(placed), placed })),
    ...gaps.map(({ key, x, width, span }) => {
      const wide = Math.max(minGapPixels, width);
      return { kind: "gap" as const, key, x: x - (wide - width) / 2, width: wide, gap: span };
    }),
  ];
  const middle = (stop: StripStop) => stop.x + stop.width / 2;
  const each = asideWidth / aside.length;
  return [
    ...along.sort((a, b) => middle(a) - middle(b)),
    ...aside.map((placed, at) => ({
      kind: "aside" as const,
      key: placed.key,
      x: at * each,
      width: each,
      placed,
    })),
  ];
}

const placeOf = ({ key, x, width }: PlacedCell) => ({ key, x, width });

/** What a create request needs to know of a gap: its ends; null where no request says them. */
export function gapEnds({ ends, from, to }: LaneSpan & { ends?: { from: string; to: string } }) {
  const [lower, upper] = [ends?.from ?? from, ends?.to ?? to];
  if (lower === null || upper === null || lower === "MINVALUE" || upper === "MAXVALUE") return null;
  return { from: lower, to: upper };
}
