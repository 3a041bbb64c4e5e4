import type { AuditDb } from "../audit-db/types.ts";
import type { StepContext } from "./define-step.ts";
import type { CarriedPlan, Plan, StepOutcome } from "./types.ts";

/** Where a plan's carrying out is, as JSON in the job's checkpoint. */
export interface CarriedState {
  /** The world was as the plan says when it was begun: what differs since may be its own work. */
  begun: boolean;
  /** By the step's id. */
  outcomes: Record<string, StepOutcome>;
  /** What the step in hand kept of its own. */
  own: { id: string; state: unknown } | null;
  /** Whom the step in hand waits for just now, in words. */
  waits?: { id: string; whom: string } | null;
  /** How long the next wait for what is contended is, in milliseconds; the first one's while left out. */
  delayMs?: number;
}

export interface CarryOutOptions extends Pick<StepContext, "progress" | "log" | "signal"> {
  audit: Pick<AuditDb, "reserve" | "use" | "dropAnswers">;
  plan: CarriedPlan;
  /** Told to whoever comes to the table meanwhile. */
  jobId?: string;
  /** What is contended is tried again until then. */
  until: Date;
  /**
   * When the time to work is over, where a person said so: what waits without timeouts is not begun after it, and given
   * up. Null: it is begun whenever its turn comes, and waits ten minutes at the longest.
   */
  windowEnds?: Date | null;
  restored?: CarriedState | null;
  checkpoint(state: CarriedState): Promise<void>;
  /** How what is contended waits; where it throws, another run goes on from the checkpoint. In its place unless given. */
  waitUntil?(at: Date): Promise<void>;
  /** Asked once the table's lock is held and before the first step: what the plan is now. */
  planAgain?(): Promise<Plan>;
}
