import type { AuditDb } from "../../audit-db/types.ts";
import type { PackagePlan, PackagePosition } from "./plan.ts";
import { isoOf, type PackageRow, readPage } from "./read-page.ts";

interface RowPage {
  rows: PackageRow[];
  /** Behind the last of them. */
  position: PackagePosition;
}

/** Rows of a plan, from a place on. */
export async function* readRows(
  openTarget: (name: string) => AuditDb,
  plan: PackagePlan,
  begin: PackagePosition,
  limit: number,
): AsyncGenerator<RowPage> {
  for (const [stream, asked] of plan.streams.entries()) {
    if (stream < begin.stream) continue;
    const audit = openTarget(asked.target);
    let after = stream === begin.stream ? begin.after : null;
    while (true) {
      const rows = await readPage(audit, asked, plan, after, limit);
      const last = rows.at(-1);
      if (!last) break;
      after = { occurredAt: isoOf(last.occurredAt), id: last.id };
      yield { rows, position: { stream, after } };
      if (rows.length < limit) break;
    }
  }
}

/** Asks for the next one before this one is worked on. */
export function ahead<T>(pages: AsyncGenerator<T>): () => Promise<IteratorResult<T>> {
  const ask = () => {
    const asked = pages.next();
    asked.catch(() => {});
    return asked;
  };
  let next = ask();
  return async () => {
    const now = await next;
    if (!now.done) next = ask();
    return now;
  };
}
