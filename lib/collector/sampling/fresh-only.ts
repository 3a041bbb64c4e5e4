import type { AuditDb } from "../../audit-db/types.ts";
import { AppError } from "../../errors.ts";

/**
 * The engine as samplers see it: a last known answer is no sample, so a stale one is refused, and rates need answers of
 * this very moment, so none is taken from another process.
 */
export function freshOnly(audit: AuditDb): AuditDb {
  return {
    ...audit,
    async read(statement) {
      const answer = await audit.read({ ...statement, own: true });
      if (!answer.stale) return answer;
      throw new AppError("UNAVAILABLE", `${audit.target} is unreachable: ${answer.stale.reason}`, {
        since: answer.stale.since,
      });
    },
  };
}
