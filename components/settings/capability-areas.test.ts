import { expect, test } from "vitest";
import type { Capability } from "@/lib/capability.ts";
import { byArea } from "./capability-areas.ts";

function capability(id: string, change: Partial<Capability>): Capability {
  return {
    id,
    area: "server",
    title: id,
    purpose: "",
    needs: "",
    state: "present",
    evidence: "",
    enable: null,
    required: false,
    ...change,
  };
}

test("areas stand in one order, the missing first, the required before the rest", () => {
  const groups = byArea([
    capability("redis", { area: "console" }),
    capability("there", {}),
    capability("unknown", { state: "unknown" }),
    capability("missing", { state: "missing" }),
    capability("needed", { state: "missing", required: true }),
  ]);
  expect(groups.map(({ area }) => area)).toEqual(["server", "console"]);
  expect(groups[0]?.capabilities.map(({ id }) => id)).toEqual(["needed", "missing", "unknown", "there"]);
});
