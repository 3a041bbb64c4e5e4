import { expect, test } from "vitest";
import { isRouted, orderNodes, type Routable } from "./routing.ts";

const now = 100_000;
const node = (name: string, more: Partial<Routable> = {}): Routable => ({
  name,
  isPrimary: name === "p",
  fit: true,
  latencyMs: 1,
  freshAt: now - 500,
  complete: false,
  ...more,
});
const names = (nodes: readonly Routable[]) => nodes.map((one) => one.name).join("");

test("reads for replicas are dealt round, and end at the primary", () => {
  const nodes = [node("p"), node("a"), node("b")];
  expect(names(orderNodes(nodes, { route: "replica" }, 0, now))).toBe("abp");
  expect(names(orderNodes(nodes, { route: "replica" }, 1, now))).toBe("bap");
  expect(names(orderNodes(nodes, { route: "primary" }, 1, now))).toBe("p");
  expect(names(orderNodes([node("p"), node("a", { fit: false })], { route: "replica" }, 7, now))).toBe("p");
});

test("a replica that may be older than allowed, or of unknown age, is left out", () => {
  const nodes = [node("p"), node("a", { freshAt: now - 2_000 }), node("b", { freshAt: null }), node("c")];
  expect(names(orderNodes(nodes, { route: "replica", maxStalenessMs: 1_000 }, 0, now))).toBe("cp");
  expect(names(orderNodes(nodes, { route: "replica" }, 0, now))).toBe("abcp");
});

test("while the primary is gone no age is too old, and of what is left the one that has most comes first", () => {
  const last = (name: string, ageMs: number | null) =>
    node(name, { freshAt: ageMs === null ? null : now - ageMs, complete: true });
  const nodes = [node("p", { fit: false }), last("a", 60_000), last("b", 20_000), last("c", null)];
  expect(names(orderNodes(nodes, { route: "replica", maxStalenessMs: 1_000 }, 0, now))).toBe("bacp");
  expect(names(orderNodes(nodes, { route: "nearest", maxStalenessMs: 1_000 }, 0, now))).toBe("abcp");
  const equal = [node("p"), last("a", 20_000), last("b", 20_000)];
  expect(names(orderNodes(equal, { route: "replica" }, 1, now))).toBe("bap");
});

test("the nearest is the one that answers fastest, the primary among them", () => {
  const nodes = [node("p", { latencyMs: 5 }), node("a", { latencyMs: 9 }), node("b", { latencyMs: 2 })];
  expect(names(orderNodes(nodes, { route: "nearest" }, 3, now))).toBe("bpa");
  const down = [node("p", { latencyMs: 1, fit: false }), node("a", { latencyMs: null })];
  expect(names(orderNodes(down, { route: "nearest" }, 0, now))).toBe("ap");
});

test("only a route away from the primary, or a named node, is routed", () => {
  expect(isRouted({})).toBe(false);
  expect(isRouted({ route: "primary", maxStalenessMs: 1 })).toBe(false);
  expect(isRouted({ route: "nearest" })).toBe(true);
  expect(isRouted({ node: "h:1" })).toBe(true);
});
