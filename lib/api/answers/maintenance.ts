import { z } from "zod";
import { count, instant, nullableNumber, nullableText, unavailable } from "../parts.ts";

export const databaseAgesAnswer = z.array(
  z
    .object({
      name: nullableText.meta({ description: "null: what all databases share" }),
      allowsConnections: z.boolean(),
      transactions: nullableNumber.meta({ description: "Ids assigned since its oldest row was frozen" }),
      multixacts: nullableNumber,
      transactionShare: nullableNumber.meta({ description: "Of the ids until the server refuses to write" }),
      multixactShare: nullableNumber,
      freezeShare: nullableNumber.meta({
        description:
          "The larger of both ages, in what autovacuum lets it become before it freezes unasked; 1 = there",
      }),
      checksumFailures: nullableNumber.meta({ description: "null: the cluster has no data checksums" }),
      lastChecksumFailure: instant.nullable(),
    })
    .meta({ id: "DatabaseAge" }),
);

export const sequencesAnswer = z
  .object({
    database: z.string(),
    user: z.string(),
    readable: z.array(
      z
        .object({
          oid: count,
          schema: z.string(),
          name: z.string(),
          used: z.number().meta({ description: "Share of its values that are used up" }),
          last: nullableText.meta({ description: "As text: a bigint. null: never called" }),
          end: z.string(),
          fills: z.object({ table: z.string(), column: z.string(), type: z.string() }).nullable(),
        })
        .meta({ id: "SequenceUse" }),
    ),
    total: count.meta({ description: "Sequences that can be read and end some day" }),
    refused: count.meta({ description: "Sequences the role may not read" }),
    refusedSchemas: z.array(z.string()),
    locked: count.meta({ description: "Left out because of somebody's lock" }),
  })
  .meta({ id: "Sequences" });

export const indexFaultsAnswer = z
  .object({
    database: z.string(),
    invalidKnown: z
      .boolean()
      .meta({ description: "false: this server or role does not show which indexes are being built" }),
    faults: z.array(
      z
        .object({
          fault: z.enum(["invalid", "duplicate"]),
          schema: z.string(),
          name: z.string(),
          table: z.string(),
          columns: nullableText,
          kept: nullableText.meta({ description: "Of a duplicate: the index that stays" }),
          count,
          bytes: nullableNumber,
        })
        .meta({ id: "IndexFault" }),
    ),
  })
  .meta({ id: "IndexFaults" });

export const preparedTransactionsAnswer = z.array(
  z
    .object({ id: z.string(), prepared: instant, owner: z.string(), database: z.string() })
    .meta({ id: "PreparedTransaction" }),
);

export const watchedSettingsAnswer = z
  .object({
    settings: z.array(
      z.object({ name: z.string(), setting: z.string(), source: z.string(), waitsForRestart: z.boolean() }),
    ),
    overrides: z
      .array(z.object({ name: z.string(), setting: z.string(), database: nullableText, role: nullableText }))
      .meta({ description: "Values put on a database, a role or a role in a database" }),
    seesAll: z.boolean(),
  })
  .meta({ id: "WatchedSettings" });

export const lockTableAnswer = z
  .object({
    locks: count.meta({
      description: "In the shared table; those that backends keep for themselves are not",
    }),
    capacity: z.number().meta({ description: "Past it statements fail with “out of shared memory”" }),
    perTransaction: count.meta({ description: "max_locks_per_transaction" }),
  })
  .meta({ id: "LockTable" });

export const checkpointAnswer = z
  .object({
    at: instant,
    ageSeconds: z.number(),
    timeoutSeconds: z.number().meta({ description: "checkpoint_timeout" }),
    walBytes: nullableNumber.meta({
      description: "Written since; null on a standby, and where the server does not tell",
    }),
  })
  .meta({ id: "Checkpoint" });

export const horizonHoldersAnswer = z.array(
  z
    .object({
      kind: z.enum(["session", "prepared", "slot", "standby"]),
      name: z.string(),
      pid: count,
      backendStart: instant.nullable(),
      age: z.number().meta({ description: "Transactions since the oldest row it may still see" }),
      since: instant.nullable(),
    })
    .meta({ id: "HorizonHolder" }),
);

export const tableUpkeepAnswer = z
  .object({
    database: z.string(),
    tables: z.array(
      z
        .object({
          oid: count,
          schema: z.string(),
          name: z.string(),
          rows: z.number(),
          deadRows: z.number(),
          deadBytes: z.number(),
          vacuumAt: z.number().meta({ description: "Dead rows from which autovacuum works on it" }),
          changed: z.number(),
          analyzeAt: z.number().meta({ description: "Changes from which autovacuum analyzes it" }),
          autovacuumOff: z.boolean(),
        })
        .meta({ id: "TableUpkeep" }),
    ),
  })
  .meta({ id: "TableUpkeeps" });

export const personalFieldsAnswer = z
  .object({
    looked: count.meta({ description: "Events of the last hour that were looked through" }),
    fields: z.array(
      z.object({
        action: z.string(),
        path: z.string(),
        kind: z.string().meta({ description: "What it looks like" }),
        events: count,
      }),
    ),
    unavailable: unavailable.nullable(),
  })
  .meta({ id: "PersonalFields" });
