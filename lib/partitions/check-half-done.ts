import { answerOf, noneFound } from "../answer-of.ts";
import { defineCheck, type ObjectState } from "../check.ts";
import { nameRelation, quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import { getHalfDone, type HalfDone } from "./get-half-done.ts";
import { relationObject } from "./judged-lanes.ts";

/** What a change of partitions began and nobody ended. */
export const halfDone = defineCheck({
  id: "partitions.half_done",
  title: "Half-done change of partitions",
  unit: null,
  path: "partitions",
  runbook:
    "A change of this console was broken off and no job goes on with it: see Jobs for one that failed, and retry it. Else mend what it left. Copies of rows beside a default partition: repair the default, which goes on with them, or removes them once each was found in the default; no row is missing or twice meanwhile. A CHECK of a default partition that leaves the rows of a new partition out: attach that, or drop the CHECK, since rows of its place are refused until then. A CHECK or foreign key that is not validated on a table that stands by itself: validate it (rows are read, nobody waits), then attach the table or leave it. A table that was detached from the audit log without its row guard: create that, since its events can be changed until then. A detach that is pending and indexes that are not valid have checks of their own.",
  needs: "Nothing beyond a connection.",
  source: "pg_class and pg_constraint, by the comments and names that the console's own changes give",
  why: "A change that goes on holds the table's lock and is left out, so whatever is found has nobody who goes on with it.",
  thresholds: null,
  for: 120,
  async evaluate({ audit }) {
    const { data, observedAt } = await getHalfDone(audit);
    const { database } = data;
    const found = [
      ...data.unguarded.filter(({ inWork }) => !inWork).map((table) => judgeUnguarded(database, table)),
      ...data.refusing.filter(({ inWork }) => !inWork).map((each) => judgeRefusing(database, each)),
      ...data.copies.filter(({ inWork }) => !inWork).map((copy) => judgeCopy(database, copy)),
      ...data.constraints.filter(({ inWork }) => !inWork).map((each) => judgeConstraint(database, each)),
    ];
    const none = noneFound(
      database,
      "No change of partitions was left half done.",
      "Copies of rows, conditions that are not validated and guards that went with a detach were looked for.",
    );
    return answerOf(found.length > 0 ? found : [none], { observedAt });
  },
});

const standing = { value: null, threshold: null, since: null } as const;

function judgeCopy(database: string, { from, ...copy }: HalfDone["copies"][number]): ObjectState {
  const name = nameRelation(copy);
  const object = relationObject(database, copy);
  if (!from)
    return {
      ...{ object, state: "warning", ...standing },
      words: {
        title: `${name} holds copies of rows of a default partition that is none any more.`,
        detail: `A move of rows was broken off. Compare ${quoteQualified(copy.schema, copy.name)} with where the rows are now: keep what is only there, then drop or rename it yourself.`,
      },
    };
  return {
    ...{ object, state: "warning", ...standing },
    words: {
      title: `${name} holds copies of rows of ${nameRelation(from)}, and is no partition yet.`,
      detail: `A move of rows was broken off; the table shows each of them once, from ${nameRelation(from)}. Unless a job goes on with it, repair ${nameRelation(from)}: that goes on with the copies, or removes them once each was found there.`,
      mends: { words: "Go on with the move", request: { verb: "repair", partition: from } },
    },
  };
}

function judgeRefusing(
  database: string,
  { constraint, ...table }: HalfDone["refusing"][number],
): ObjectState {
  const statement = `ALTER TABLE ${quoteQualified(table.schema, table.name)} DROP CONSTRAINT ${quoteIdentifier(constraint)};`;
  return {
    ...{ object: relationObject(database, table, constraint), state: "warning", ...standing },
    words: {
      title: `The default partition ${nameRelation(table)} refuses rows of a partition that was not attached.`,
      detail: `An attach was broken off, and its CHECK ${constraint} stands. Unless a job goes on with it, attach that table again, or let the default take the rows: ${statement}`,
    },
  };
}

function judgeUnguarded(database: string, table: HalfDone["unguarded"][number]): ObjectState {
  const on = quoteQualified(table.schema, table.name);
  const statement = `CREATE TRIGGER audit_log_guard_row BEFORE UPDATE OR DELETE ON ${on} FOR EACH ROW EXECUTE FUNCTION public.audit_log_guard(); ALTER TABLE ${on} ENABLE ALWAYS TRIGGER audit_log_guard_row;`;
  return {
    ...{ object: relationObject(database, table, "audit_log_guard_row"), state: "critical", ...standing },
    words: {
      title: `${nameRelation(table)} was detached from the audit log and lacks its row guard.`,
      detail: `The detach was broken off before its triggers were made again. Unless a job goes on with it, run as audit_maintainer: ${statement}`,
    },
  };
}

function judgeConstraint(
  database: string,
  { constraint, ...table }: HalfDone["constraints"][number],
): ObjectState {
  const statement = `ALTER TABLE ${quoteQualified(table.schema, table.name)} VALIDATE CONSTRAINT ${quoteIdentifier(constraint)};`;
  return {
    ...{ object: relationObject(database, table, constraint), state: "notice", ...standing },
    words: {
      title: `Constraint ${constraint} of ${nameRelation(table)} was added and not validated.`,
      detail: `It holds for new rows alone. A detach under a lock, or an attach, was broken off. Unless a job goes on with it, run ${statement} Rows are read, and nobody waits. Then attach the table, or leave it.`,
    },
  };
}
