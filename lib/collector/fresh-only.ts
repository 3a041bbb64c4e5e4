import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";

/** The engine as samplers see it: a last known answer is no sample, so a stale one is refused. */
export function freshOnly(audit: AuditDb): AuditDb {
  return {
    ...audit,
    async read(statement) {
      const answer = await audit.read(statement);
      if (!answer.stale) return answer;
      throw new AppError("UNAVAILABLE", `${audit.target} is unreachable: ${answer.stale.reason}`, {
        since: answer.stale.since,
      });
    },
  };
}
