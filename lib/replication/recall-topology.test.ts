import { expect, test } from "vitest";
import type { NodeStatus } from "../audit-db/replicas/types.ts";
import type { TargetEvent } from "../collector/types.ts";
import { sinceOf } from "./recall-topology.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const node = (state: NodeStatus["state"]) => ({ name: "b:1", state, since: at(50) });
const event = (kind: string, minute: number, name = "b:1") =>
  ({ kind, at: at(minute), detail: { node: name } }) as unknown as TargetEvent;

test("a server is out of use since it was recorded to be, however late this process began", () => {
  expect(sinceOf(node("drained"), [event("replica_drained", 10)])).toEqual(at(10));
  expect(sinceOf(node("stale"), [event("split_brain", 20), event("replica_back", 5)])).toEqual(at(20));
});

test("what ended since, concerns another server or came later says nothing", () => {
  expect(sinceOf(node("up"), [event("replica_drained", 10)])).toEqual(at(50));
  expect(sinceOf(node("drained"), [event("replica_back", 30), event("replica_drained", 10)])).toEqual(at(50));
  expect(sinceOf(node("drained"), [event("replica_drained", 10, "c:1")])).toEqual(at(50));
  expect(sinceOf(node("down"), [event("replica_drained", 55)])).toEqual(at(50));
});
