import type { Sql } from "postgres";
import type { Logger } from "../log/log.ts";
import type { Duty, DutyName } from "./expected-duties.ts";
import { noteFailure } from "./heartbeat.ts";
import type { Leadership } from "./leadership.ts";
import { type Repeated, repeat } from "./repeat.ts";

/** How a duty is done as long as this process leads it, until the signal aborts. */
export type DutyWork = (duty: Duty, signal: AbortSignal) => Promise<void>;

export interface DutyTools {
  sql: Sql;
  /** The log of one duty. */
  loggerOf(duty: DutyName): Logger;
}

/** A duty that is done round after round. `begin` makes its round each time this process becomes the leader. */
export function inRounds(
  { sql, loggerOf }: DutyTools,
  begin: (logger: Logger, duty: Duty) => Repeated["work"],
): DutyWork {
  return (duty, signal) => {
    const logger = loggerOf(duty.duty);
    return repeat({ ...duty, sql, logger, work: begin(logger, duty) }, signal);
  };
}

/** Competes for each of these duties; one that ends with an error is noted, and led anew. */
export function leadDuties(
  leadership: Pick<Leadership, "lead">,
  sql: Sql,
  duties: readonly Duty[],
  work: Record<DutyName, DutyWork>,
): void {
  for (const duty of duties)
    leadership.lead(duty.duty, duty.target, (signal) =>
      work[duty.duty](duty, signal).catch(async (thrown: unknown) => {
        await noteFailure(sql, duty.duty, duty.target, thrown).catch(() => {});
        throw thrown;
      }),
    );
}
