"use client";

import { parseAsString } from "nuqs";
import { Panel } from "@/components/panel/panel.tsx";
import { PageTurn } from "@/components/ui/page-turn.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { activityInput } from "./activity-input.ts";
import { ActivityRows } from "./activity-rows.tsx";
import { ActivitySheet } from "./activity-sheet.tsx";
import { ActivityToolbar } from "./activity-toolbar.tsx";
import { activityWords } from "./activity-words.ts";
import { useActivityFilter } from "./use-activity-filter.ts";

/** The log, newest first, fifty a page. */
export function ActivityLog() {
  const { filter, change, turnTo } = useActivityFilter();
  const read = useRead("activity", activityInput(filter));
  const [openId, setOpenId] = useOpenSheet("entry", parseAsString);
  const rows = read.data?.rows ?? [];
  const open = rows.find(({ id }) => id === openId) ?? null;
  const next = read.data?.next ?? null;
  return (
    <Panel
      id="activity"
      title="Activity"
      read={read}
      height={480}
      className="max-sm:min-h-180"
      flush
      info={{
        what: "What people, API tokens and the console itself did here, refusals included. The log can only be added to: the database refuses to change or delete a row.",
      }}
      table={(data) => ({
        columns: [
          { label: "time" },
          { label: "actor" },
          { label: "action" },
          { label: "outcome" },
          { label: "object" },
          { label: "what" },
          { label: "address" },
        ],
        rows: data.rows.map((row) => [
          row.at,
          row.actorName,
          row.action,
          row.outcome,
          row.objectName ?? row.objectId,
          activityWords(row),
          row.ip,
        ]),
      })}
    >
      {() => (
        <>
          <ActivityToolbar filter={filter} onChange={change} />
          <ActivityRows rows={rows} selectedId={openId} onOpen={setOpenId} />
          <PageTurn
            page={filter.before}
            older={next}
            arriving={read.previous && read.refreshing}
            onTurn={turnTo}
          />
          <ActivitySheet
            row={open}
            onClose={() => setOpenId(null)}
            {...neighbours(
              rows,
              ({ id }) => id === openId,
              ({ id }) => setOpenId(id),
            )}
          />
        </>
      )}
    </Panel>
  );
}
