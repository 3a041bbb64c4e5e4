import type { PlacedCell } from "./strip-geometry.ts";

interface StripCellProps {
  placed: PlacedCell;
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
  open: boolean;
}

/** One partition as it is drawn, or several too narrow to tell apart. */
export function StripCell({ placed, x, y, width, height, fill, open }: StripCellProps) {
  const drawn = Math.max(1, width - (width > 3 ? 1 : 0));
  const pending = placed.cells.some((each) => each.detachPending);
  const locked = placed.cells.some((each) => each.lockedBy);
  return (
    <g>
      <rect
        x={x}
        y={y + 0.5}
        width={drawn}
        height={height - 1}
        rx={Math.min(2, drawn / 3)}
        fill={fill}
        stroke={open ? "var(--accent)" : placed.planned ? "var(--control)" : "var(--hairline-strong)"}
        strokeWidth={open ? 2 : 1}
        strokeDasharray={placed.planned && !open ? "3 2.5" : undefined}
      />
      {pending && (
        <path
          d={`M${x + 1} ${y + height - 2}L${x + drawn - 1} ${y + 2}`}
          stroke="var(--warning)"
          strokeWidth={1.5}
        />
      )}
      {locked && (
        <path
          transform={`translate(${x + drawn / 2 - 4} ${y + height / 2 - 5})`}
          d="M2 4V2.8a2 2 0 0 1 4 0V4M1 4h6v5H1z"
          fill="var(--panel)"
          stroke="var(--warning)"
          strokeWidth={1.3}
        />
      )}
    </g>
  );
}
