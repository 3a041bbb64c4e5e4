import type { StepKind } from "./define-step.ts";
import { addConstraintStep } from "./steps/add-constraint.ts";
import { adoptIndexStep } from "./steps/adopt-index.ts";
import { analyzeTableStep } from "./steps/analyze-table.ts";
import { attachPartitionStep } from "./steps/attach-partition.ts";
import { buildIndexStep } from "./steps/build-index.ts";
import { copyDefaultRowsStep } from "./steps/copy-default-rows.ts";
import { createPartitionStep } from "./steps/create-partition.ts";
import { detachConcurrentlyStep } from "./steps/detach-concurrently.ts";
import { detachUnderLockStep } from "./steps/detach-under-lock.ts";
import { dropLeftoverStep } from "./steps/drop-leftover.ts";
import { keepDefaultRowsStep } from "./steps/keep-default-rows.ts";
import { leavePartmanStep } from "./steps/leave-partman.ts";
import { makeStandAloneStep } from "./steps/make-stand-alone.ts";
import { mendTableStep } from "./steps/mend-table.ts";
import { moveDefaultRowsStep } from "./steps/move-default-rows.ts";
import { rebuildIndexesStep } from "./steps/rebuild-indexes.ts";
import { removeCopiesStep } from "./steps/remove-copies.ts";
import { restoreTriggersStep } from "./steps/restore-triggers.ts";
import { runPartmanStep } from "./steps/run-partman.ts";
import { setNotNullStep } from "./steps/set-not-null.ts";
import { vacuumTableStep } from "./steps/vacuum-table.ts";
import { validateConstraintStep } from "./steps/validate-constraint.ts";

// biome-ignore lint/suspicious/noExplicitAny: kinds take different parameters
type AnyKind = StepKind<any>;

/** Every kind of step. */
export const stepKinds: readonly AnyKind[] = [
  createPartitionStep,
  detachConcurrentlyStep,
  detachUnderLockStep,
  restoreTriggersStep,
  mendTableStep,
  setNotNullStep,
  addConstraintStep,
  validateConstraintStep,
  buildIndexStep,
  adoptIndexStep,
  attachPartitionStep,
  vacuumTableStep,
  analyzeTableStep,
  rebuildIndexesStep,
  dropLeftoverStep,
  keepDefaultRowsStep,
  makeStandAloneStep,
  copyDefaultRowsStep,
  moveDefaultRowsStep,
  removeCopiesStep,
  runPartmanStep,
  leavePartmanStep,
];

/** @throws Error for a kind of another version of this program */
export function stepKind(kind: string): AnyKind {
  const found = stepKinds.find((known) => known.kind === kind);
  if (!found) throw new Error(`no kind of step is called ${kind}`);
  return found;
}
