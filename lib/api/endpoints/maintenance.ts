import { z } from "zod";
import {
  checkpointAnswer,
  databaseAgesAnswer,
  horizonHoldersAnswer,
  indexFaultsAnswer,
  lockTableAnswer,
  personalFieldsAnswer,
  preparedTransactionsAnswer,
  sequencesAnswer,
  tableUpkeepAnswer,
  watchedSettingsAnswer,
} from "../answers/maintenance.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ofTarget } from "../of-target.ts";
import { limitQuery } from "../parts.ts";

/** Resources about maintenance. */
export const maintenanceEndpoints = {
  databaseAges: defineEndpoint({
    path: ofTarget("maintenance/databases"),
    summary:
      "How much of its transaction and multixact ids each database has used; pages that failed their checksum",
    read: "databaseAges",
    query: z.object({}),
    toInput: () => ({}),
    answer: databaseAgesAnswer,
  }),
  sequences: defineEndpoint({
    path: ofTarget("maintenance/sequences"),
    summary: "Sequences that end some day, the most used first",
    read: "sequences",
    query: z.object({ limit: limitQuery(1_000, 200) }),
    toInput: (query) => query,
    answer: sequencesAnswer,
  }),
  indexFaults: defineEndpoint({
    path: ofTarget("maintenance/indexes"),
    summary: "Indexes that are invalid, and those that repeat another one",
    read: "indexFaults",
    query: z.object({}),
    toInput: () => ({}),
    answer: indexFaultsAnswer,
  }),
  preparedTransactions: defineEndpoint({
    path: ofTarget("maintenance/prepared-transactions"),
    summary: "Two-phase transactions that nobody has ended, the oldest first",
    read: "preparedTransactions",
    query: z.object({}),
    toInput: () => ({}),
    answer: preparedTransactionsAnswer,
  }),
  lockTable: defineEndpoint({
    path: ofTarget("maintenance/lock-table"),
    summary: "How full the shared table of locks is",
    read: "lockTable",
    query: z.object({}),
    toInput: () => ({}),
    answer: lockTableAnswer,
  }),
  checkpoint: defineEndpoint({
    path: ofTarget("maintenance/checkpoint"),
    summary: "The newest checkpoint, and what was written since",
    read: "checkpoint",
    query: z.object({}),
    toInput: () => ({}),
    answer: checkpointAnswer,
  }),
  horizonHolders: defineEndpoint({
    path: ofTarget("maintenance/horizon"),
    summary: "What keeps vacuum from removing dead rows, the oldest first",
    read: "horizonHolders",
    query: z.object({}),
    toInput: () => ({}),
    answer: horizonHoldersAnswer,
  }),
  tableUpkeep: defineEndpoint({
    path: ofTarget("maintenance/tables"),
    summary: "Tables beyond half of what autovacuum goes by, the furthest first",
    read: "tableUpkeep",
    query: z.object({}),
    toInput: () => ({}),
    answer: tableUpkeepAnswer,
  }),
  personalFields: defineEndpoint({
    path: ofTarget("maintenance/personal-fields"),
    summary: "Clear fields of the newest events that look like personal data, by action and path",
    read: "personalFields",
    query: z.object({}),
    toInput: () => ({}),
    answer: personalFieldsAnswer,
  }),
  watchedSettings: defineEndpoint({
    path: ofTarget("maintenance/settings"),
    summary:
      "Settings that protect data, those that wait for a restart, and values put on databases and roles",
    read: "watchedSettings",
    query: z.object({}),
    toInput: () => ({}),
    answer: watchedSettingsAnswer,
  }),
};
