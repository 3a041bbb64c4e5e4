import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { inNoTime } from "../estimates/in-no-time.ts";
import { lookAtDetach } from "./look-at-detach.ts";

export interface AttachPartition {
  parent: TableName;
  child: TableName;
  /** `FROM ('…') TO ('…')` */
  bounds: string;
  /** Row triggers of its own that the parent's take the place of. */
  replaces: string[];
  /** What sets when those fire: statements. */
  firing: string[];
  /** Tables that its own foreign keys point at: they become the parent's, under a lock there. Qualified and quoted. */
  refersTo: string[];
  /** Rows of a default partition that are looked at under the lock; null where there is none. */
  defaultRows: { relation: string; rows: number | null } | null;
  /** The default, and the CHECK of it that spared reading it and goes now. */
  spared?: { table: TableName; check: string };
}

/** Makes a table a partition whose CHECK says already that its rows belong there: it scans nothing of it. */
export const attachPartitionStep = defineStep<AttachPartition>({
  kind: "attachPartition",
  plan({ parent, child, bounds, replaces, firing, refersTo, defaultRows, spared }) {
    const [table, partition] = [parent, child].map(({ schema, name }) => quoteQualified(schema, name)) as [
      string,
      string,
    ];
    return {
      words: `Attach ${partition} to ${table}`,
      sql: [
        ...replaces.map((name) => `DROP TRIGGER ${quoteIdentifier(name)} ON ${partition}`),
        `ALTER TABLE ${table} ATTACH PARTITION ${partition} FOR VALUES ${bounds}`,
        ...firing,
        ...(spared
          ? [
              `ALTER TABLE ${quoteQualified(spared.table.schema, spared.table.name)} DROP CONSTRAINT ${quoteIdentifier(spared.check)}`,
            ]
          : []),
      ],
      locks: [
        { relation: table, mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" },
        { relation: partition, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
        ...refersTo.map(
          (relation) => ({ relation, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" }) as const,
        ),
      ],
      scans: defaultRows,
      moves: null,
      ...(defaultRows === null
        ? { estimate: inNoTime }
        : { reads: { of: [defaultRows.relation], inOrder: "all" as const } }),
      joins: { table: parent, change: "attach" },
    };
  },
  async look(sql, { parent, child }) {
    const state = await lookAtDetach(sql, parent, child);
    if (state === "attached") return "done";
    return state === "missing" ? "missing" : "not done";
  },
});
