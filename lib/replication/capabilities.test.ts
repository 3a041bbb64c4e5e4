import { expect, test } from "vitest";
import type { NodeStatus } from "../audit-db/replicas/types.ts";
import { examineReplicas } from "./capabilities.ts";

const node = (
  name: string,
  role: NodeStatus["role"],
  state: NodeStatus["state"],
  reason: string | null = null,
) => ({ name, role, state, reason }) as NodeStatus;

test("one server has no replicas, and is told how to name them", () => {
  expect(examineReplicas([node("a:1", "primary", "up")])).toMatchObject({
    state: "missing",
    evidence: "One server is configured; AUDIT_REPLICA_URLS is not set",
    enable: expect.stringContaining("AUDIT_REPLICA_URLS="),
  });
});

test("several are told as they are just now, what is wrong with each named", () => {
  const evidence = (...nodes: NodeStatus[]) => examineReplicas(nodes).evidence;
  expect(
    evidence(node("a:1", "primary", "up"), node("b:1", "replica", "up"), node("c:1", "replica", "up")),
  ).toBe("3 servers, 2 replicas fit to answer reads");
  expect(
    evidence(
      node("a:1", "primary", "up"),
      node("b:1", "replica", "drained", "it is 25 s behind the primary"),
      node("c:1", "unknown", "stale", "it is read-write on timeline 1"),
    ),
  ).toBe(
    "3 servers, 0 replicas fit to answer reads; b:1 is drained (it is 25 s behind the primary); c:1 is stale (it is read-write on timeline 1)",
  );
});
