import { expect, test } from "vitest";
import type { Point, SeriesHistory } from "@/lib/collector/types.ts";
import { lanesTable } from "./lanes-table.ts";

const history = (series: Record<string, Point[]>): SeriesHistory => ({
  series,
  units: Object.fromEntries(Object.keys(series).map((name) => [name, "count" as const])),
  stepSeconds: 10,
  collectingSince: null,
  observedAt: null,
});

test("every lane's figures stand side by side by time; what was never seen has no column", () => {
  const table = lanesTable(
    history({ "connections.active": [[0, 3]], "connections.total": [[0, 5]] }),
    history({
      "pools.active": [
        [0, 1],
        [10_000, 2],
      ],
    }),
    history({ "pooler.active": [[0, null]] }),
  );
  expect(table.columns.map(({ label }) => label)).toEqual([
    "time",
    "pools in use",
    "server active",
    "server in use",
  ]);
  expect(table.rows).toEqual([
    [new Date(0), 1, 3, 5],
    [new Date(10_000), 2, null, null],
  ]);
});
