import type { Check } from "../check.ts";
import { gap, overlap } from "./check-bounds.ts";
import { defaultRows } from "./check-default-rows.ts";
import { detachPending } from "./check-detach-pending.ts";
import { halfDone } from "./check-half-done.ts";
import { parentAnalyzed } from "./check-parent-analyzed.ts";
import { partmanDefaultRows } from "./check-partman-default-rows.ts";
import { partmanOff } from "./check-partman-off.ts";
import { partmanStale } from "./check-partman-stale.ts";
import { retentionOverdue } from "./check-retention.ts";
import { rowsChanged } from "./check-rows-changed.ts";
import { currentPartition, runway } from "./check-runway.ts";
import { guardChecks } from "./guard-checks.ts";

export const partitionsChecks: readonly Check[] = [
  currentPartition,
  runway,
  gap,
  overlap,
  detachPending,
  halfDone,
  defaultRows,
  parentAnalyzed,
  partmanOff,
  partmanStale,
  partmanDefaultRows,
  retentionOverdue,
  rowsChanged,
  ...guardChecks,
];
