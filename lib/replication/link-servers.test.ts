import { expect, test } from "vitest";
import type { NodeStatus } from "../audit-db/replicas/types.ts";
import { linkServers } from "./link-servers.ts";
import type { Receiver, ReplicationStatus, Standby } from "./types.ts";

const node = (name: string, role: NodeStatus["role"], given: Partial<NodeStatus> = {}) =>
  ({ name, role, state: "up", lagBytes: null, lagSeconds: null, ...given }) as NodeStatus;
const standby = (given: Partial<Standby>) =>
  ({
    pid: 1,
    applicationName: "walreceiver",
    clientAddress: "10.0.0.2",
    slot: null,
    lagBytes: 5,
    lagSeconds: 0.1,
    ...given,
  }) as Standby;
const receiver = (given: Partial<Receiver>) =>
  ({
    connected: true,
    applicationName: "walreceiver",
    slot: null,
    serverAddress: "10.0.0.2",
    ...given,
  }) as Receiver;
const status = (standbys: Standby[], own: Receiver | null = null): ReplicationStatus => ({
  role: own ? "standby" : "primary",
  standbys,
  receiver: own,
  maxLagBytes: null,
  maxLagSeconds: null,
});
const told = (servers: ReturnType<typeof linkServers>) =>
  servers.map(({ key, name, upstream, node }) => [key, name, upstream, node?.name ?? null]);

test("a standby is matched by its slot, its name, or its name and address", () => {
  const servers = linkServers([
    {
      node: node("a:1", "primary"),
      status: status([
        standby({ pid: 1, applicationName: "x", slot: "s1" }),
        standby({ pid: 2, applicationName: "y" }),
        standby({ pid: 3, clientAddress: "10.0.0.4" }),
        standby({ pid: 4, clientAddress: "10.0.0.5" }),
      ]),
    },
    { node: node("b:1", "replica"), status: status([], receiver({ applicationName: "other", slot: "s1" })) },
    { node: node("c:1", "replica"), status: status([], receiver({ applicationName: "y" })) },
    { node: node("d:1", "replica"), status: status([], receiver({ serverAddress: "10.0.0.4" })) },
    { node: node("e:1", "replica"), status: status([], receiver({ serverAddress: "10.0.0.5" })) },
  ]);
  expect(servers.map(({ key, standby }) => [key, standby?.pid])).toEqual([
    ["a:1", undefined],
    ["b:1", 1],
    ["c:1", 2],
    ["d:1", 3],
    ["e:1", 4],
  ]);
  expect(servers.slice(1).every(({ upstream }) => upstream === "a:1")).toBe(true);
});

test("what cannot be told apart stands as each side sees it, and namesakes keep keys of their own", () => {
  const servers = linkServers([
    { node: node("a:1", "primary"), status: status([standby({ pid: 1 }), standby({ pid: 2 })]) },
    { node: node("b:1", "replica"), status: status([], receiver({})) },
    { node: node("c:1", "replica"), status: status([], receiver({})) },
  ]);
  expect(told(servers)).toEqual([
    ["a:1", "a:1", null, "a:1"],
    ["b:1", "walreceiver", null, "b:1"],
    ["c:1", "walreceiver", null, "c:1"],
    ["walreceiver at 10.0.0.2", "walreceiver", "a:1", null],
    ["walreceiver at 10.0.0.2 (2)", "walreceiver", "a:1", null],
  ]);
});

test("a standby of a standby hangs from it, and its lag is that behind the primary", () => {
  const [, , leaf] = linkServers([
    { node: node("a:1", "primary"), status: status([standby({ applicationName: "b" })]) },
    {
      node: node("b:1", "replica"),
      status: status(
        [standby({ applicationName: "c", lagBytes: 7 })],
        receiver({ applicationName: "b", serverAddress: null }),
      ),
    },
    {
      node: node("c:1", "replica", { lagBytes: 900, lagSeconds: 12 }),
      status: status([], receiver({ applicationName: "c" })),
    },
  ]);
  expect(leaf).toMatchObject({ key: "c:1", upstream: "b:1", lagBytes: 900, lagSeconds: 12 });
});

test("a replica that is down, or whose receiver is gone, hangs from nobody and is still there", () => {
  const servers = linkServers([
    { node: node("a:1", "primary"), status: status([]) },
    { node: node("b:1", "replica", { state: "down" }), status: null },
    { node: node("c:1", "replica"), status: status([], receiver({ connected: false })) },
  ]);
  expect(servers.map(({ key, upstream, role }) => [key, upstream, role])).toEqual([
    ["a:1", null, "primary"],
    ["b:1", null, "standby"],
    ["c:1", null, "standby"],
  ]);
});

test("a standby that hangs confirms nothing more to its sender: the probes' larger lag counts", () => {
  const [, hung] = linkServers([
    {
      node: node("a:1", "primary"),
      status: status([standby({ applicationName: "b", lagBytes: 42, lagSeconds: 0.2 })]),
    },
    {
      node: node("b:1", "replica", { lagBytes: 40, lagSeconds: 95 }),
      status: status([], receiver({ applicationName: "b" })),
    },
  ]);
  expect(hung).toMatchObject({ lagBytes: 42, lagSeconds: 95 });
});

test("while the primary does not answer, the others are known by themselves", () => {
  const servers = linkServers([
    { node: node("a:1", "primary", { state: "down" }), status: null },
    {
      node: node("b:1", "replica", { lagBytes: 0, lagSeconds: 3 }),
      status: status([], receiver({ connected: false, applicationName: null })),
    },
  ]);
  expect(told(servers)).toEqual([
    ["a:1", "a:1", null, "a:1"],
    ["b:1", "b:1", null, "b:1"],
  ]);
  expect(servers[1]?.lagSeconds).toBe(3);
});
