import { expect, test } from "vitest";
import { joinIncidents } from "./join-incidents.ts";

type Given = Parameters<typeof joinIncidents>;
const finding = (check: string, blind = false) =>
  ({ check, ...(blind && { unavailable: { code: "x", reason: "x" } }) }) as unknown as Given[0][number];
const incident = (id: string, checkId: string) => ({ id, checkId }) as unknown as Given[1][number];

test("findings that are incidents come first, in their order; incidents without a finding stand by themselves", () => {
  const { joined, alone } = joinIncidents(
    [finding("fresh"), finding("told"), finding("several"), finding("several"), finding("blind", true)],
    [incident("1", "told"), incident("2", "several"), incident("3", "recovers"), incident("4", "blind")],
  );
  const words = joined.map(
    ({ finding: { check }, incident, leads }) => `${check} ${incident?.id ?? "-"}${leads ? " leads" : ""}`,
  );
  expect(words).toEqual(["told 1 leads", "several 2 leads", "several 2", "fresh -", "blind -"]);
  expect(alone.map(({ id }) => id)).toEqual(["3", "4"]);
});
