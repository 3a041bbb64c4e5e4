import { z } from "zod";
import { count, instant, nullableNumber, nullableText } from "../parts.ts";

export const databaseAgesAnswer = z.array(
  z
    .object({
      name: nullableText.meta({ description: "null: what all databases share" }),
      allowsConnections: z.boolean(),
      transactions: nullableNumber.meta({ description: "Ids assigned since its oldest row was frozen" }),
      multixacts: nullableNumber,
      transactionShare: nullableNumber.meta({ description: "Of the ids until the server refuses to write" }),
      multixactShare: nullableNumber,
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
