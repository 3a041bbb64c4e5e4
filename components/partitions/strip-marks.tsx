import type { PlacedSpan } from "./strip-geometry.ts";
import type { LaidLane } from "./strip-layout.ts";

type Word = Omit<PlacedSpan, "span">;

/** Pixels a word under the lane needs. */
const wordPixels = 54;

interface StripMarksProps {
  laid: LaidLane;
  plotLeft: number;
  plotWidth: number;
}

/** Gaps as red notches, overlaps as amber bars, begun detaches, each with its word under the lane. */
export function StripMarks({ laid, plotLeft, plotWidth }: StripMarksProps) {
  const { placed, barTop, barHeight } = laid;
  const bottom = barTop + barHeight;
  const detaching: Word[] = placed.cells
    .filter((cell) => cell.cells.some((each) => each.detachPending))
    .map((cell) => ({ key: `detach ${cell.key}`, x: cell.x, width: cell.width, words: "detaching" }));
  const words = thinWords([
    ...placed.gaps.map((span) => ({ ...span, tone: "var(--critical)" })),
    ...placed.overlaps.map((span) => ({ ...span, tone: "var(--warning)" })),
    ...detaching.map((span) => ({ ...span, tone: "var(--warning)" })),
  ]);
  return (
    <g>
      {placed.gaps.map((gap) => {
        const x = plotLeft + gap.x;
        const middle = x + gap.width / 2;
        return (
          <g key={gap.key}>
            <rect
              x={x}
              y={barTop}
              width={gap.width}
              height={barHeight}
              fill="var(--critical)"
              fillOpacity={0.16}
            />
            <path
              d={`M${middle - 5} ${barTop - 3}h10l-5 7zM${middle - 5} ${bottom + 3}h10l-5 -7z`}
              fill="var(--critical)"
            />
            <line
              x1={middle}
              x2={middle}
              y1={barTop}
              y2={bottom}
              stroke="var(--critical)"
              strokeWidth={1.5}
            />
          </g>
        );
      })}
      {placed.overlaps.map((overlap) => (
        <rect
          key={overlap.key}
          x={plotLeft + overlap.x}
          y={barTop - 3}
          width={overlap.width}
          height={4}
          fill="var(--warning)"
        />
      ))}
      {words.map((word) => (
        <text
          key={word.key}
          x={Math.min(plotLeft + plotWidth - 22, Math.max(plotLeft + 10, plotLeft + word.x + word.width / 2))}
          y={bottom + 14}
          textAnchor="middle"
          fontSize={11}
          fontWeight={500}
          fill={word.tone}
        >
          {word.words}
        </text>
      ))}
    </g>
  );
}

/** Of words that would stand on each other the first stays. */
export function thinWords<T extends Word>(spans: readonly T[]): T[] {
  const kept: T[] = [];
  for (const span of spans.toSorted((a, b) => a.x - b.x)) {
    const last = kept.at(-1);
    const distance = last ? span.x + span.width / 2 - (last.x + last.width / 2) : wordPixels;
    if (distance >= wordPixels) kept.push(span);
  }
  return kept;
}
