import type { LaneSpan } from "@/lib/partition-facts/types.ts";
import { cellInWords, laneInWords, laneLabel, runwayInWords } from "./partition-words.ts";
import type { LaidLane, StripLayout } from "./strip-layout.ts";
import { gapEnds } from "./strip-stops.ts";

interface StripButtonsProps {
  laid: LaidLane;
  index: number;
  layout: StripLayout;
  /** The stop that takes the strip's one tab stop, when it is in this lane. */
  stop: number | null;
}

/** Cells and gaps of a lane for pointer, keyboard and screen reader: buttons of their size over the drawing. */
export function StripButtons({ laid, index, layout, stop }: StripButtonsProps) {
  const { lane, stops, barTop, barHeight } = laid;
  const runway = lane.runway ? `, runway: ${runwayInWords(lane.runway)}` : "";
  const box = { top: barTop, height: barHeight };
  return (
    <fieldset aria-label={`${laneLabel(lane.label)}: ${laneInWords(lane)}${runway}`} className="contents">
      {stops.map((each, at) => {
        const left = (each.kind === "aside" ? layout.asideLeft : layout.plotLeft) + each.x;
        const shared = {
          type: "button" as const,
          tabIndex: stop === at ? 0 : -1,
          "data-lane": index,
          "data-stop": at,
          style: { ...box, left, width: Math.max(1, each.width - 1) },
        };
        return each.kind === "gap" ? (
          <button
            key={each.key}
            {...shared}
            data-gap
            aria-label={gapInWords(each.gap)}
            className="absolute z-1 rounded-[2px] outline-offset-1 hover:bg-critical/20 focus-visible:z-10"
          />
        ) : (
          <button
            key={each.key}
            {...shared}
            data-cell={at}
            aria-label={cellInWords(each.placed.cells)}
            className="absolute rounded-[2px] outline-offset-1 hover:bg-ink/10 focus-visible:z-10"
          />
        );
      })}
    </fieldset>
  );
}

/** "Gap, 1 Mar 2026 to 1 Apr 2026: create what is missing" */
function gapInWords(gap: LaneSpan): string {
  const what = `Gap, ${gap.words}${gap.path ? `, ${gap.path}` : ""}`;
  return gapEnds(gap) ? `${what}: plan the missing partitions` : what;
}
