import { z } from "zod";
import { defineRead } from "../read.ts";
import { getDatabaseAges } from "./get-database-ages.ts";
import { getHorizonHolders } from "./get-horizon-holders.ts";
import { getIndexFaults } from "./get-index-faults.ts";
import { getPreparedTransactions } from "./get-prepared-transactions.ts";
import { getSequences } from "./get-sequences.ts";
import { getTableUpkeep } from "./get-table-upkeep.ts";
import { readSettings } from "./read-settings.ts";

const nothing = z.strictObject({});

export const maintenanceReads = {
  /** How much of its transaction ids each database has used, and pages that failed their checksum. */
  databaseAges: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: nothing,
    run: ({ audit }) => getDatabaseAges(audit),
  }),
  /** Sequences that end some day, the most used first. */
  sequences: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({ limit: z.number().int().min(1).max(1_000).default(200) }),
    async run({ audit }, { limit }) {
      const observed = await getSequences(audit);
      const { readable, ...rest } = observed.data;
      return { ...observed, data: { ...rest, total: readable.length, readable: readable.slice(0, limit) } };
    },
  }),
  indexFaults: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: nothing,
    run: ({ audit }) => getIndexFaults(audit),
  }),
  preparedTransactions: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: nothing,
    run: ({ audit }) => getPreparedTransactions(audit),
  }),
  /** Settings that protect data, those that wait for a restart, and values put on databases and roles. */
  watchedSettings: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: nothing,
    run: ({ audit }) => readSettings(audit),
  }),
  /** What keeps vacuum from removing dead rows, the oldest first. */
  horizonHolders: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: nothing,
    run: ({ audit }) => getHorizonHolders(audit),
  }),
  /** Tables beyond half of what autovacuum goes by, the furthest first. */
  tableUpkeep: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: nothing,
    run: ({ audit }) => getTableUpkeep(audit),
  }),
};
