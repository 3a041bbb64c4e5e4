import { SearchParamsContext } from "next/dist/shared/lib/hooks-client-context.shared-runtime.js";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { InboxRow } from "./inbox-row.tsx";

const incident: IncidentLine = {
  ...{ id: "01990000-0000-7000-8000-000000000001", number: 7, target: "audit", version: 1 },
  ...{ checkId: "workload.temp_files", checkTitle: "Temporary files", path: "queries" },
  ...{ title: "13 temporary files were written.", condition: "firing", state: "open", severity: "warning" },
  ...{ firing: 1, unconfirmedSince: null, flapping: false, normalSince: null },
  ...{ openedAt: new Date(0), firedAt: new Date(0) },
  ...{ assignee: null, acknowledged: null, snoozed: null, closed: null, hushed: null },
};

/** Columns of a row on a desk, and what stands in them. */
function rowOf(onChoose: ((chosen: boolean) => void) | null) {
  const row = renderToStaticMarkup(
    <SearchParamsContext value={new URLSearchParams()}>
      <InboxRow
        incident={incident}
        gone={false}
        chosen={false}
        onChoose={onChoose}
        showsTarget={false}
        isStop
      />
    </SearchParamsContext>,
  );
  const columns = /md:grid-cols-\[([^\]]+)\]/.exec(row)?.[1]?.split("_") ?? [];
  return { columns, boxes: row.match(/type="checkbox"/g)?.length ?? 0 };
}

it("has a column for the box of whoever may act, and none for whoever may only look: their titles keep the width", () => {
  const [acting, looking] = [rowOf(() => {}), rowOf(null)];
  expect([acting.boxes, looking.boxes]).toEqual([1, 0]);
  expect(acting.columns).toEqual(["auto", ...looking.columns]);
  // Standing, title, who has it, since when: the title takes what is left.
  expect(looking.columns).toHaveLength(4);
  expect(looking.columns[1]).toContain("1fr");
});
