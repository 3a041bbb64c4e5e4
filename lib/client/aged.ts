"use client";

/** When figures stop being of now: after three refreshes without an answer, or as soon as one says so. */
import { useEffect, useState } from "react";
import { refreshSeconds } from "./ranges.ts";

/** Figures that are the last known ones. */
export interface Aged {
  /** When they were read. */
  at: Date;
  /** Why there are no newer ones. */
  reason: string;
}

/** Refreshes that may pass without an answer. */
const intervals = 3;

/** How long an answer stands, in ms. Somebody who turned refresh off is given the slowest choice's patience. */
export function lifeMs(seconds: number | null): number {
  return (seconds ?? refreshSeconds["60s"] ?? 60) * intervals * 1_000;
}

/** Whether an answer of `answeredAt` (epoch ms, this browser's clock; 0 for none) has stood longer than `lifeMs`. */
export function useOutlived(answeredAt: number, lifeMs: number): boolean {
  const [outlived, setOutlived] = useState(0);
  useEffect(() => {
    if (answeredAt === 0 || !Number.isFinite(lifeMs)) return;
    const timer = setTimeout(() => setOutlived(answeredAt), Math.max(0, answeredAt + lifeMs - Date.now()));
    return () => clearTimeout(timer);
  }, [answeredAt, lifeMs]);
  return answeredAt !== 0 && outlived === answeredAt;
}

/** What is drawn from several reads is as old as the oldest of them that is not of now. */
export function oldest(reads: readonly { aged: Aged | null }[]): Aged | null {
  return reads.reduce<Aged | null>(
    (found, { aged }) => (aged && (!found || aged.at < found.at) ? aged : found),
    null,
  );
}
