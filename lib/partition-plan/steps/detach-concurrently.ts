import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { defineStep, type StepPlan } from "../define-step.ts";
import { knock } from "./knock.ts";
import { lookAtDetach } from "./look-at-detach.ts";
import { runAlone } from "./run-alone.ts";

export interface DetachConcurrently {
  parent: TableName;
  child: TableName;
  /** It was begun, by whomever, and is only brought to its end. */
  pending: boolean;
  /** Tables that the partition's foreign keys point at: the second half waits for a lock on them that stops their writers. */
  refersTo: TableName[];
}

const named = ({ schema, name }: TableName) => quoteQualified(schema, name);

/**
 * Takes a partition out of its table while that is read and written. In two transactions, between which it waits for
 * everybody who still sees the partition; broken off there it is pending, and the next run brings it to its end. The
 * server gives what it detaches a CHECK with its bounds where none says the same.
 */
export const detachConcurrentlyStep = defineStep<DetachConcurrently>({
  kind: "detachConcurrently",
  alone: true,
  plan({ parent, child, pending, refersTo }): StepPlan {
    const [table, partition] = [named(parent), named(child)];
    return {
      words: pending ? `Finish the detach of ${partition}` : `Detach ${partition}`,
      sql: [`ALTER TABLE ${table} DETACH PARTITION ${partition} ${pending ? "FINALIZE" : "CONCURRENTLY"}`],
      locks: [
        { relation: table, mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" },
        { relation: partition, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
        ...refersTo.map(
          (other) => ({ relation: named(other), mode: "SHARE ROW EXCLUSIVE", stops: "writes" }) as const,
        ),
      ],
      scans: null,
      moves: null,
      estimate: { seconds: 0, from: "without the wait for others" },
      awaits: pending ? "snapshots" : "lockers",
    };
  },
  look: async (sql, { parent, child }) => {
    const state = await lookAtDetach(sql, parent, child);
    return state === "attached" || state === "pending" ? "not done" : state;
  },
  async run(context, { parent, child, refersTo }) {
    const { sql } = context.session;
    // Writers of what it refers to would queue behind its second half for as long as one of them stays in a transaction.
    const lockTimeoutMs = refersTo.length > 0 ? context.lockTimeoutMs : 0;
    await knock(context, parent);
    const how = (await lookAtDetach(sql, parent, child)) === "pending" ? "FINALIZE" : "CONCURRENTLY";
    const left = `The detach may be pending: then its rows show in ${named(child)} alone, which is a finding, and the next run finishes it, as finalize does.`;
    try {
      await runAlone(context, `ALTER TABLE ${named(parent)} DETACH PARTITION ${named(child)} ${how}`, {
        ...{ lockTimeoutMs, left },
      });
    } catch (thrown) {
      if ((await lookAtDetach(sql, parent, child).catch(() => null)) === "pending")
        context.log(`The detach is pending: until it is finished the rows show in ${named(child)} alone.`);
      throw thrown;
    }
  },
});
