import type { Sql } from "postgres";
import { consoleDbError } from "../db/errors.ts";

/**
 * Every token on this target of people whose data is restricted (Art. 18 GDPR) and may not be shown on a ground of its
 * second paragraph just now. Old keys, which are of no target, count for each. Whoever nobody is restricted for asks an
 * empty index.
 */
export async function listRestrictedTokens(sql: Sql, target: string): Promise<string[]> {
  const rows = await sql<{ token: string }[]>`
    select token
    from vault.subject join vault.subject_key on subject_key.subject = subject.id
    where restricted_at is not null and (target = ${target} or target is null)
      and not exists (
        select from vault.restriction join vault.restriction_exception on restriction = restriction.id
        where restriction.subject = vault.subject.id and lifted_at is null and expires_at > clock_timestamp())`.catch(
    (thrown: unknown) => {
      throw consoleDbError(thrown);
    },
  );
  return rows.map(({ token }) => token);
}
