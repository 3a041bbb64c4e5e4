"use client";

import { type RefObject, useEffect, useEffectEvent, useState } from "react";
import { nearestCell } from "./strip-geometry.ts";
import type { LaidLane, StripLayout } from "./strip-layout.ts";

/** A cell by its lane's and its own position; the blocks beside the axis follow the cells. */
export interface CellPlace {
  lane: number;
  cell: number;
}

/**
 * The buttons of the strip, listened to in one place: one tab stop for all, arrow keys between them, click and Enter
 * pick. `shown` is the cell under the pointer or the visible focus.
 */
export function useStripCells(
  box: RefObject<HTMLElement | null>,
  layout: StripLayout,
  pick: (place: CellPlace) => void,
) {
  const [at, setAt] = useState<CellPlace | null>(null);
  const [hovered, setHovered] = useState<CellPlace | null>(null);
  const [focused, setFocused] = useState<CellPlace | null>(null);
  const { lanes } = layout;

  const press = useEffectEvent((event: KeyboardEvent) => {
    const place = placeOf(event.target);
    const next = place && step(lanes, place, event.key, layout.plotWidth);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    setAt(next);
    box.current
      ?.querySelector<HTMLElement>(`[data-lane="${next.lane}"][data-cell="${next.cell}"]`)
      ?.focus({ preventScroll: false });
  });
  const click = useEffectEvent((event: MouseEvent) => {
    const place = placeOf(event.target);
    if (place) pick(place);
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const listening = new AbortController();
    const { signal } = listening;
    element.addEventListener("keydown", (event) => press(event), { signal });
    element.addEventListener("click", (event) => click(event), { signal });
    element.addEventListener("pointerover", ({ target }) => setHovered(placeOf(target)), { signal });
    element.addEventListener("pointerleave", () => setHovered(null), { signal });
    element.addEventListener(
      "focusin",
      ({ target }) => {
        const place = placeOf(target);
        setAt(place);
        setFocused(place && target instanceof Element && target.matches(":focus-visible") ? place : null);
      },
      { signal },
    );
    element.addEventListener("focusout", () => setFocused(null), { signal });
    return () => listening.abort();
  }, [box]);

  const known = (place: CellPlace | null) => place && valid(lanes, place);
  return { stop: known(at) ?? firstStop(lanes), shown: known(hovered) ?? known(focused) };
}

/** The cell an event came from; the buttons name it in data attributes. */
function placeOf(target: EventTarget | null): CellPlace | null {
  const element = target instanceof Element ? target.closest<HTMLElement>("[data-cell]") : null;
  return element ? { lane: Number(element.dataset.lane), cell: Number(element.dataset.cell) } : null;
}

function count(lane: LaidLane | undefined): number {
  return lane ? lane.placed.cells.length + lane.placed.aside.length : 0;
}

function valid(lanes: readonly LaidLane[], place: CellPlace): CellPlace | null {
  return place.cell < count(lanes[place.lane]) ? place : null;
}

/** The newest cell that already takes rows, in the first lane that has any. */
function firstStop(lanes: readonly LaidLane[]): CellPlace {
  const lane = Math.max(
    0,
    lanes.findIndex((each) => count(each) > 0),
  );
  const current = lanes[lane]?.placed.cells.findLastIndex((cell) => !cell.planned) ?? 0;
  return { lane, cell: Math.max(0, current) };
}

/** Where a key leads from a cell; null when nowhere. */
export function step(
  lanes: readonly LaidLane[],
  { lane, cell }: CellPlace,
  key: string,
  asideX: number,
): CellPlace | null {
  const last = count(lanes[lane]) - 1;
  if (key === "ArrowRight") return cell < last ? { lane, cell: cell + 1 } : null;
  if (key === "ArrowLeft") return cell > 0 ? { lane, cell: cell - 1 } : null;
  if (key === "Home") return { lane, cell: 0 };
  if (key === "End") return { lane, cell: Math.max(0, last) };
  if (key !== "ArrowDown" && key !== "ArrowUp") return null;
  const to = key === "ArrowDown" ? lane + 1 : lane - 1;
  const other = lanes[to];
  if (!other || count(other) === 0) return null;
  const here = lanes[lane]?.placed.cells[cell];
  const x = here ? here.x + here.width / 2 : asideX;
  if (!here && other.placed.aside.length > 0) return { lane: to, cell: other.placed.cells.length };
  return { lane: to, cell: nearestCell(other.placed.cells, x) };
}
