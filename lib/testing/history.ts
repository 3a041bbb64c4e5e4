import type { Sql } from "postgres";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { rollUp } from "../collector/roll-up/roll-up.ts";
import { type Catalogue, createCatalogue } from "../collector/sampling/catalogue.ts";
import type { Point } from "../collector/types.ts";
import { createDatabase } from "./database.ts";

/** A console's history with room for the eight days from `start`. */
export interface TestHistory {
  sql: Sql;
  catalogue: Catalogue;
  /** Until nothing is left to roll up. */
  rollUpAll(now: number): Promise<void>;
  close(): Promise<void>;
}

export const start = Date.UTC(2026, 0, 10, 0, 0, 0);

export async function startHistory(): Promise<TestHistory> {
  const { sql, drop } = await createDatabase({ template: "console" });
  for (let day = 0; day < 8; day++) await createPartitions(sql, new Date(start + day * 86_400_000));
  return {
    sql,
    catalogue: createCatalogue(sql),
    async rollUpAll(now) {
      for (let run = 0; run < 200; run++) if (!(await rollUp(sql, new Date(now)))) return;
      throw new Error("the roll-up does not end");
    },
    close: drop,
  };
}

export const never = () => Promise.reject(new Error("not sampled here"));

export const range = (from: number, seconds: number) => ({
  from: new Date(from),
  to: new Date(from + seconds * 1_000),
});

export const known = (points: Point[] | undefined) =>
  (points ?? []).flatMap(([, value]) => (value === null ? [] : [value]));
