"use client";

import { useRouter } from "next/navigation";
import { parseAsBoolean, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Panel } from "@/components/panel/panel.tsx";
import { requestPath } from "@/components/requests/request-words.ts";
import { ofConsole } from "@/components/requests/requests-input.ts";
import { Button } from "@/components/ui/button.tsx";
import { Switch } from "@/components/ui/checkbox.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { Select } from "@/components/ui/select.tsx";
import { useKeptHref } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { requestKindNames, requestKinds } from "@/lib/request-law/kinds.ts";
import { requestStates, stateNames } from "@/lib/request-law/states.ts";
import { requestColumns } from "./request-columns.tsx";

const filters = {
  state: parseAsStringLiteral(["open", "all", ...requestStates]).withDefault("open"),
  kind: parseAsStringLiteral(["any", ...requestKindNames]).withDefault("any"),
  overdue: parseAsBoolean.withDefault(false),
};
const most = 500;

/** All requests there are, with filters that stand in the address. */
export function ListPanel() {
  const [{ state, kind, overdue }, set] = useQueryStates(filters);
  const router = useRouter();
  const keep = useKeptHref();
  const target = useTarget();
  const read = useRead(
    "requests",
    { state, ...(kind !== "any" && { kind }), overdue, limit: most },
    ofConsole,
  );
  const narrowed = state !== "open" || kind !== "any" || overdue;
  return (
    <Panel
      id="requests"
      title="Requests"
      {...(read.data && {
        unit: read.data.length === most ? `the newest ${most}` : unitOf(read.data.length, state),
      })}
      read={read}
      height={300}
      flush
      info={{
        what: "By number and state. Who asks stands nowhere here: that is looked at on the request's page, on record.",
      }}
    >
      {(rows) => (
        <DataTable
          id="requests"
          label="Requests"
          rows={rows}
          columns={requestColumns}
          rowKey={({ id }) => id}
          rowHeight={44}
          defaultSort={newestFirst}
          onRowClick={({ number }) => router.push(keep(requestPath(target, number)))}
          empty={narrowed ? "No request matches these filters" : "No request is open"}
          actions={
            <>
              <Select
                label="State"
                prefix="state"
                size="sm"
                value={state}
                onChange={(next) => void set({ state: next })}
                options={[
                  ["open", "open"],
                  ["all", "all"],
                  ...requestStates.map((each) => [each, stateNames[each]] as const),
                ]}
              />
              <Select
                label="Kind"
                prefix="kind"
                size="sm"
                value={kind}
                onChange={(next) => void set({ kind: next })}
                options={[
                  ["any", "any"],
                  ...requestKindNames.map((each) => [each, requestKinds[each].title] as const),
                ]}
              />
              <Switch label="Overdue" checked={overdue} onChange={(next) => void set({ overdue: next })} />
              {narrowed && (
                <Button size="sm" variant="ghost" onClick={() => void set(null)}>
                  Clear
                </Button>
              )}
            </>
          }
        />
      )}
    </Panel>
  );
}

/** "3 open", "5 in all": what the number counts; other states are said by the filter. */
const unitOf = (rows: number, state: string) =>
  state === "open" ? `${rows} open` : state === "all" ? `${rows} in all` : String(rows);

const newestFirst = { id: "number", desc: true };
