import type { Check } from "../check.ts";
import { gap, overlap } from "./check-bounds.ts";
import { defaultRows } from "./check-default-rows.ts";
import { detachPending } from "./check-detach-pending.ts";
import { parentAnalyzed } from "./check-parent-analyzed.ts";
import { currentPartition, runway } from "./check-runway.ts";
import { guardChecks } from "./guard-checks.ts";

export const partitionsChecks: readonly Check[] = [
  currentPartition,
  runway,
  gap,
  overlap,
  detachPending,
  defaultRows,
  parentAnalyzed,
  ...guardChecks,
];
