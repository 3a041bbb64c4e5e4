"use client";

import { type RefObject, useEffect, useEffectEvent, useState } from "react";
import { nearestCell } from "./strip-geometry.ts";
import type { LaidLane, StripLayout } from "./strip-layout.ts";

/** A stop by its lane's and its own position. */
export interface StopPlace {
  lane: number;
  stop: number;
}

/**
 * The buttons of the strip, listened to in one place: one tab stop for all, arrow keys between them, click and Enter
 * pick. `shown` is the stop under the pointer or the visible focus.
 */
export function useStripStops(
  box: RefObject<HTMLElement | null>,
  layout: StripLayout,
  pick: (place: StopPlace) => void,
) {
  const [at, setAt] = useState<StopPlace | null>(null);
  const [hovered, setHovered] = useState<StopPlace | null>(null);
  const [focused, setFocused] = useState<StopPlace | null>(null);
  const { lanes } = layout;

  const press = useEffectEvent((event: KeyboardEvent) => {
    const place = placeOf(event.target);
    const next = place && step(lanes, place, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    setAt(next);
    box.current
      ?.querySelector<HTMLElement>(`[data-lane="${next.lane}"][data-stop="${next.stop}"]`)
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

  const known = (place: StopPlace | null) => place && valid(lanes, place);
  return { stop: known(at) ?? firstStop(lanes), shown: known(hovered) ?? known(focused) };
}

/** The stop an event came from; the buttons name it in data attributes. */
function placeOf(target: EventTarget | null): StopPlace | null {
  const element = target instanceof Element ? target.closest<HTMLElement>("[data-stop]") : null;
  return element ? { lane: Number(element.dataset.lane), stop: Number(element.dataset.stop) } : null;
}

function valid(lanes: readonly LaidLane[], place: StopPlace): StopPlace | null {
  return lanes[place.lane]?.stops[place.stop] ? place : null;
}

/** The newest cell that already takes rows, in the first lane that has any. */
function firstStop(lanes: readonly LaidLane[]): StopPlace {
  const lane = Math.max(
    0,
    lanes.findIndex(({ stops }) => stops.length > 0),
  );
  const current =
    lanes[lane]?.stops.findLastIndex((stop) => stop.kind === "cell" && !stop.placed.planned) ?? 0;
  return { lane, stop: Math.max(0, current) };
}

/** Where a key leads from a stop; null when nowhere. */
export function step(lanes: readonly LaidLane[], { lane, stop }: StopPlace, key: string): StopPlace | null {
  const stops = lanes[lane]?.stops ?? [];
  const last = stops.length - 1;
  if (key === "ArrowRight") return stop < last ? { lane, stop: stop + 1 } : null;
  if (key === "ArrowLeft") return stop > 0 ? { lane, stop: stop - 1 } : null;
  if (key === "Home") return { lane, stop: 0 };
  if (key === "End") return { lane, stop: Math.max(0, last) };
  if (key !== "ArrowDown" && key !== "ArrowUp") return null;
  const to = key === "ArrowDown" ? lane + 1 : lane - 1;
  const others = lanes[to]?.stops ?? [];
  const here = stops[stop];
  if (!here || others.length === 0) return null;
  const along = others.filter(({ kind }) => kind !== "aside");
  if (here.kind === "aside")
    return { lane: to, stop: along.length < others.length ? along.length : along.length - 1 };
  return { lane: to, stop: along.length > 0 ? nearestCell(along, here.x + here.width / 2) : 0 };
}
