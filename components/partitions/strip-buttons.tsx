import { cellInWords, laneInWords, laneLabel, runwayInWords } from "./partition-words.ts";
import type { LaidLane, StripLayout } from "./strip-layout.ts";

interface StripButtonsProps {
  laid: LaidLane;
  index: number;
  layout: StripLayout;
  /** The cell that takes the strip's one tab stop, when it is in this lane. */
  stop: number | null;
}

/** The cells of a lane for pointer, keyboard and screen reader: buttons of their size over the drawing. */
export function StripButtons({ laid, index, layout, stop }: StripButtonsProps) {
  const { lane, placed, barTop, barHeight } = laid;
  const runway = lane.runway ? `, runway: ${runwayInWords(lane.runway)}` : "";
  const box = { top: barTop, height: barHeight };
  const all = [
    ...placed.cells.map((cell) => ({ cell, left: layout.plotLeft + cell.x, width: cell.width })),
    ...placed.aside.map((cell, at) => {
      const width = layout.asideWidth / placed.aside.length;
      return { cell, left: layout.asideLeft + at * width, width };
    }),
  ];
  return (
    <fieldset aria-label={`${laneLabel(lane.label)}: ${laneInWords(lane)}${runway}`} className="contents">
      {all.map(({ cell, left, width }, at) => (
        <button
          key={cell.key}
          type="button"
          aria-label={cellInWords(cell.cells)}
          tabIndex={stop === at ? 0 : -1}
          data-lane={index}
          data-cell={at}
          className="absolute rounded-[2px] outline-offset-1 hover:bg-ink/10 focus-visible:z-10"
          style={{ ...box, left, width: Math.max(1, width - 1) }}
        />
      ))}
    </fieldset>
  );
}
