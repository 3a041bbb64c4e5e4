import { answerOf, noneFound } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import { nameRelation, quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import { counted, percentRoundedDown } from "../words.ts";
import { judgeSlow, scannedMs } from "./cadence.ts";
import { getSequences, type Sequences, type SequenceUse } from "./get-sequences.ts";

async function judgeSequences(audit: AuditDb, maxAgeMs: number, limitsFor: LimitsFor): Promise<CheckAnswer> {
  const { data, observedAt } = await getSequences(audit, maxAgeMs);
  const objects = data.readable.map((sequence) => describe(data.database, sequence, limitsFor));
  if (data.refused > 0) objects.push(refusal(data));
  if (objects.length === 0 && data.locked === 0)
    objects.push(
      noneFound(
        data.database,
        `${data.database} has no sequence that can end.`,
        "Those that cycle never do.",
      ),
    );
  const answer = answerOf(objects, { observedAt });
  return { ...answer, complete: answer.complete && data.refused === 0 && data.locked === 0 };
}

function describe(database: string, sequence: SequenceUse, limitsFor: LimitsFor): ObjectState {
  const { oid, schema, name, used, last, end, fills } = sequence;
  const object = { kind: "relation", database, schema, name, oid } as const;
  const threshold = limitsFor(object);
  const state = stateAt(used, threshold);
  const column =
    fills && `${nameRelation({ schema: fills.schema, name: fills.table })}.${quoteIdentifier(fills.column)}`;
  const larger = `ALTER SEQUENCE ${quoteQualified(schema, name)} AS bigint MAXVALUE 9223372036854775807;`;
  const widen = fills
    ? `Its column ${column} is ${fills.type} and holds no more. Make it bigint: ALTER TABLE ${quoteQualified(fills.schema, fills.table)} ALTER COLUMN ${quoteIdentifier(fills.column)} TYPE bigint; rewrites the table under an exclusive lock, so for a large one add a bigint column, fill it in batches and swap the two. The sequence of an identity column changes with it; another one needs: ${larger}`
    : `Give it more room: ${larger} If it is as large already, find what consumes it.`;
  return {
    object,
    state,
    value: used,
    threshold,
    since: null,
    words: {
      title: last
        ? `Sequence ${quoteQualified(schema, name)} has used ${percentRoundedDown(used)} of its values (${grouped(last)} of ${grouped(end)}).`
        : `Sequence ${quoteQualified(schema, name)} has not been used yet.`,
      detail:
        state === "ok"
          ? `It ends at ${grouped(end)}${fills ? `, where its column ${column} (${fills.type}) does` : ""}.`
          : `Every insert that takes its next value fails once it has reached ${grouped(end)}. ${widen}`,
    },
  };
}

function refusal({ database, user, refused, refusedSchemas }: Sequences): ObjectState {
  const reason = `${user} may not read ${counted(refused, "sequence")} of ${database}; pg_monitor does not include it.`;
  return {
    object: { kind: "database", name: database },
    state: "unavailable",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `${counted(refused, "sequence")} of ${database} cannot be read.`,
      detail: reason,
    },
    unavailable: {
      code: "no_grant",
      reason,
      enable: `GRANT USAGE ON SCHEMA ${refusedSchemas.map(quoteIdentifier).join(", ")} TO ${quoteIdentifier(user)};\nGRANT SELECT ON ALL SEQUENCES IN SCHEMA ${refusedSchemas.map(quoteIdentifier).join(", ")} TO ${quoteIdentifier(user)};`,
    },
  };
}

function grouped(integer: string): string {
  return BigInt(integer).toLocaleString("en-US");
}

export const sequenceUsed = defineCheck({
  id: "maintenance.sequence_used",
  source: "pg_sequence, pg_sequence_last_value()",
  why: "At 85 % of an integer key years of ordinary growth, or weeks of a faulty loop, are left; widening a large table takes weeks to prepare.",
  title: "Sequences near their end",
  unit: "ratio",
  path: "maintenance",
  needs: "SELECT on the sequences; pg_monitor does not include it.",
  thresholds: { warning: 0.85, critical: 0.95, direction: "rising" },
  runbook:
    "When a sequence or the integer column it fills reaches its end, every insert fails. See what still has time: a column of type integer ends at 2,147,483,647. Widening it with ALTER TABLE … TYPE bigint rewrites the whole table under an exclusive lock; on a large table add a bigint column, keep it in step by a trigger, fill it in batches and swap. Foreign keys that refer to it need the same. As a stopgap, negative numbers give as many again: ALTER SEQUENCE … MINVALUE -2147483648 RESTART -2147483648, if the application can bear them.",
  evaluate: ({ audit }, limitsFor) =>
    judgeSlow(scannedMs, (maxAgeMs) => judgeSequences(audit, maxAgeMs, limitsFor)),
});
