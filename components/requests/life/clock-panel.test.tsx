import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { openRequest } from "@/components/requests/request-fixtures.ts";
import type { Regime } from "@/lib/request-law/regimes.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import { ClockPanel } from "./clock-panel.tsx";

/** What the clock's panel says of a request that was extended after proof of identity was asked for. */
function told(regime: Regime): string {
  const request = {
    ...openRequest({ regime, extendedAt: "2026-11-20T12:00:00Z" }),
    intervals: [{ kind: "identity", beganAt: "2026-11-02T12:00:00Z", endedAt: "2026-11-05T12:00:00Z" }],
    clock: { stoodDays: 0, extendBy: null, acknowledgeBy: null },
    ...{ country: "DE", region: null },
  } as unknown as RequestDetail;
  return renderToStaticMarkup(<ClockPanel request={request} />).replace(/<[^>]+>/g, " ");
}

it("names the law that applies to the request, and no other's", () => {
  const laws = { eu: ["Art. 12(3)", "Art. 12(6)"], uk: ["Art. 12A"], california: ["§ 1798.130(a)(2)"] };
  for (const [regime, named] of Object.entries(laws)) {
    const words = told(regime as Regime);
    const others = Object.values(laws)
      .flat()
      .filter((law) => !named.includes(law));
    expect([regime, named.filter((law) => !words.includes(law))]).toEqual([regime, []]);
    expect([regime, others.filter((law) => words.includes(law))]).toEqual([regime, []]);
  }
});
