import type { StepState } from "@/components/partition-plan/step-states.ts";
import { cn } from "@/components/ui/cn.ts";
import { qualify } from "./partition-inputs.ts";
import type { StripLayout } from "./strip-layout.ts";
import type { StripWork } from "./strip-work.ts";

interface StripWorkMarksProps {
  work: StripWork;
  layout: StripLayout;
}

const tones: Record<StepState, string> = {
  pending: "border-dashed border-accent bg-accent/10",
  running: "animate-working border-accent bg-accent/40",
  done: "border-ok bg-ok/20",
  contended: "border-dashed border-warning bg-warning/20",
  blocked: "border-dashed border-warning bg-warning/20",
  missing: "border-dashed border-control bg-transparent",
  refused: "border-dashed border-critical bg-critical/20",
};

/**
 * Partitions to come as dashed cells, and a frame around those that are worked on. They lie over the drawing, so that
 * the one that pulses is a layer of its own and the drawing is not painted anew.
 */
export function StripWorkMarks({ work, layout }: StripWorkMarksProps) {
  const { plotLeft } = layout;
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0">
      {layout.lanes.flatMap(({ placed, stops, barTop, barHeight }) => [
        ...placed.ghosts.map(({ x, width, ghost }) => (
          <Mark
            key={ghost.key}
            left={plotLeft + x}
            width={width}
            top={barTop}
            height={barHeight}
            state={ghost.state}
          />
        )),
        ...stops.map((stop) => {
          const cell =
            stop.kind === "gap" ? undefined : stop.placed.cells.find((each) => work.busy.has(qualify(each)));
          const state = cell && work.busy.get(qualify(cell));
          const left = stop.kind === "aside" ? layout.asideLeft : plotLeft;
          return state ? (
            <Mark
              key={stop.key}
              left={left + stop.x}
              width={stop.width}
              top={barTop}
              height={barHeight}
              state={state}
            />
          ) : null;
        }),
      ])}
    </div>
  );
}

interface MarkProps {
  left: number;
  width: number;
  top: number;
  height: number;
  state: StepState;
}

function Mark({ left, width, top, height, state }: MarkProps) {
  return (
    <span
      data-work={state}
      className={cn("absolute rounded-[2px] border", tones[state])}
      style={{ left, top, height, width: Math.max(2, width - 1) }}
    />
  );
}
