import { z } from "zod";
import { defineRead, rangeInput, resolveRange } from "../read.ts";
import { getDatabaseGrowth } from "./get-database-growth.ts";

export const storageReads = {
  /** Size of the database and its WAL now, and growth per day over the range. */
  databaseGrowth: defineRead({
    role: "viewer",
    input: z.strictObject({ range: rangeInput }),
    run: ({ audit, history, now }, { range }) => getDatabaseGrowth(audit, history, resolveRange(range, now)),
  }),
};
