import { defineCheck, type Mend, type ObjectState } from "../check.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import type { Forest } from "../partition-facts/read-forest.ts";
import { nameRelation, quoteQualified } from "../quote-sql.ts";
import { readTables, relationObject } from "./judged-lanes.ts";

/** Detaches that were begun with CONCURRENTLY and not finished. */
export const detachPending = defineCheck({
  id: "partitions.detach_pending",
  source: "pg_inherits.inhdetachpending",
  why: "DETACH CONCURRENTLY is in this state for as long as it waits for older transactions; five minutes are patience enough.",
  for: 300,
  title: "Unfinished detach",
  unit: null,
  path: "partitions",
  runbook:
    "ALTER TABLE … DETACH PARTITION … CONCURRENTLY was interrupted between its two transactions. The partition's rows no longer show in the table, and no other partition can be detached meanwhile. Finish it with ALTER TABLE … DETACH PARTITION … FINALIZE; it waits for transactions that still see the old state.",
  needs: "A partitioned table.",
  thresholds: null,
  async evaluate(context) {
    const { database, forest } = await readTables(context);
    return { objects: forest.roots.flatMap((root) => judgeDetaches(database, forest, root)), complete: true };
  },
});

/** Every partition at any level of a table whose detach is unfinished, or that the table has none. */
export function judgeDetaches(
  database: string,
  forest: Pick<Forest, "children">,
  root: PartitionNode,
): ObjectState[] {
  const table = nameRelation(root);
  const state = (
    node: PartitionNode,
    is: "ok" | "warning",
    words: { title: string; detail: string; mends?: Mend },
  ): ObjectState => ({
    object: relationObject(database, node),
    state: is,
    value: null,
    threshold: null,
    since: null,
    words,
  });
  const below = (parent: PartitionNode): ObjectState[] =>
    forest.children(parent.oid).flatMap((child) => {
      const found = below(child);
      if (!child.detachPending) return found;
      const finish = `ALTER TABLE ${quoteQualified(parent.schema, parent.name)} DETACH PARTITION ${quoteQualified(child.schema, child.name)} FINALIZE;`;
      const title = `The detach of ${nameRelation(child)} from ${nameRelation(parent)} was begun and not finished.`;
      const detail = `Its rows no longer show in ${table}, and no other partition can be detached from ${nameRelation(parent)} meanwhile. Run ${finish}`;
      const { schema, name } = child;
      const mends: Mend = {
        words: "Finish the detach",
        request: { verb: "finalize", partition: { schema, name } },
      };
      return [state(child, "warning", { title, detail, mends }), ...found];
    });
  const pending = below(root);
  return pending.length > 0
    ? pending
    : [
        state(root, "ok", {
          title: `No detach from ${table} is unfinished.`,
          detail: "Nothing needs doing.",
        }),
      ];
}
