import type { Capability, CapabilityArea } from "@/lib/capability.ts";

export const areaNames: Record<CapabilityArea, string> = {
  server: "Server and role",
  statistics: "Statistics",
  audit: "Audit schema",
  connections: "Connections",
  console: "Console",
};

const order = { missing: 0, unknown: 1, present: 2 };

/** Capabilities by area; in each the missing first, what nothing works without before the rest. */
export function byArea(
  capabilities: readonly Capability[],
): { area: CapabilityArea; capabilities: Capability[] }[] {
  return (Object.keys(areaNames) as CapabilityArea[])
    .map((area) => ({
      area,
      capabilities: capabilities
        .filter((each) => each.area === area)
        .toSorted((a, b) => order[a.state] - order[b.state] || Number(b.required) - Number(a.required)),
    }))
    .filter((group) => group.capabilities.length > 0);
}
