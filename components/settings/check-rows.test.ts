import { expect, test } from "vitest";
import type { CheckState } from "@/lib/check.ts";
import type { CheckBoard, CheckStanding } from "@/lib/check-board/types.ts";
import { statesByRank } from "@/lib/check-board/worst-state.ts";
import {
  type CheckFilter,
  checkRows,
  countByState,
  rowsInScope,
  rowsOfState,
  shownStates,
  standingRank,
} from "./check-rows.ts";

const standing = (check: string, target: string, state: CheckState) =>
  ({ check, target, state }) as CheckStanding;
const board = {
  targets: ["a", "b"],
  checks: [
    { id: "connections.used", topic: "connections" },
    { id: "partitions.runway", topic: "partitions" },
  ],
  standings: [
    standing("connections.used", "a", "ok"),
    standing("partitions.runway", "a", "critical"),
    standing("connections.used", "b", "ok"),
    standing("partitions.runway", "b", "no_data"),
    standing("partitions.unknown", "b", "critical"),
  ],
} as CheckBoard;
const nothing: CheckFilter = { state: null, target: null, topic: null };

test("the page's order of states is the server's", () => {
  expect(shownStates).toEqual(statesByRank.toReversed());
});

test("rows are of known checks, and filtered by target, topic and state", () => {
  const rows = checkRows(board);
  const keys = (filter: Partial<CheckFilter>) => {
    const asked = { ...nothing, ...filter };
    return rowsOfState(rowsInScope(rows, asked), asked).map(({ key }) => key);
  };
  expect(keys({})).toEqual([
    "a/connections.used",
    "a/partitions.runway",
    "b/connections.used",
    "b/partitions.runway",
  ]);
  expect(rowsInScope(rows, { ...nothing, target: "b" }).map(({ key }) => key)).toEqual([
    "b/connections.used",
    "b/partitions.runway",
  ]);
  expect(keys({ state: "ok" })).toEqual(["a/connections.used", "b/connections.used"]);
  expect(countByState(rows)).toEqual(
    new Map([
      ["ok", 2],
      ["critical", 1],
      ["no_data", 1],
    ]),
  );
});

test("what nobody configured lies below what is fine, what cannot be seen above it", () => {
  const unavailable = (code: "not_configured" | "no_grant") =>
    ({ state: "unavailable", worst: { unavailable: { code, reason: "Because." } } }) as CheckStanding;
  const rank = (each: CheckStanding) => standingRank(each);
  expect(rank(unavailable("not_configured"))).toBeLessThan(rank(standing("a.b", "a", "ok")));
  expect(rank(unavailable("no_grant"))).toBeGreaterThan(rank(standing("a.b", "a", "ok")));
});
