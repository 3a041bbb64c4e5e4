"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { ofConsole } from "@/components/requests/requests-input.ts";
import { Button } from "@/components/ui/button.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { ControllerRow } from "@/lib/requests/controllers/get-controllers.ts";
import { ControllerDialog } from "./controller-dialog.tsx";

/** Who answers for the data of each organisation: what deadlines and letters rest on. */
export function ControllersPanel() {
  const read = useRead("controllers", {}, ofConsole);
  const [every] = read.data ?? [];
  const [edited, setEdited] = useState<ControllerRow | null>(null);
  return (
    <Panel
      id="controllers"
      title="Controllers"
      unit="who answers, and where"
      read={read}
      height={64}
      info={{
        what: "The country and its holidays set the last day in time, the time zone its end. Letters name the controller, its purposes and bases by policy, and where to complain.",
      }}
      actions={
        <Button
          size="sm"
          icon={<Plus />}
          disabled={every === undefined}
          onClick={() =>
            every && setEdited({ ...every, organization: "", version: 0, changedAt: null, changedBy: null })
          }
        >
          For an organisation
        </Button>
      }
    >
      {(rows) => (
        <>
          <ul className="pb-2">
            {rows.map((row) => (
              <li
                key={row.organization}
                className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-t border-hairline py-2.5 text-sm first:border-t-0"
              >
                <span className="min-w-40 flex-1">
                  <span className="block font-medium">
                    {row.organization === "*"
                      ? "Every organisation without one of its own"
                      : row.organization}
                  </span>
                  <span className="block text-muted">
                    {row.version === 0
                      ? "Not set: no holidays are known, and letters cannot name who answers"
                      : `${row.controller.name}, ${[row.controller.country, row.controller.region].filter(Boolean).join("-")}, ${row.controller.timeZone}`}
                  </span>
                  {row.changedAt && (
                    <span className="block text-xs text-faint">
                      set by {row.changedBy}, <Time at={row.changedAt} show="moment" />
                    </span>
                  )}
                </span>
                {row.version === 0 && <StateBadge state="warning">not set</StateBadge>}
                <Button
                  size="sm"
                  variant={row.version === 0 ? "primary" : "secondary"}
                  onClick={() => setEdited(row)}
                >
                  {row.version === 0 ? "Set" : "Change"}
                </Button>
              </li>
            ))}
          </ul>
          {edited && <ControllerDialog row={edited} onClose={() => setEdited(null)} />}
        </>
      )}
    </Panel>
  );
}
