"use client";

import { Panel } from "@/components/panel/panel.tsx";
import type { Capability } from "@/lib/capability.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { areaNames, byArea } from "./capability-areas.ts";
import { CapabilityRow } from "./capability-row.tsx";

/** Each feature of a target: what it is for, what it needs, whether that is there, and the SQL when it is not. */
export function TargetCapabilities({ target }: { target: string }) {
  const read = useRead("capabilities", {}, { target });
  return (
    <Panel
      id="capabilities"
      title="Capabilities"
      {...(read.data && { unit: countWords(read.data) })}
      read={read}
      height={640}
      flush
      info={{
        what: "What the console can do on this database with the role and settings it found. Nothing here is switched on by the console itself: a person runs the SQL.",
        sql: "select name, setting from pg_settings where name in ('shared_preload_libraries', 'track_io_timing', …);\nselect extname, extversion from pg_extension;\nselect pg_has_role('pg_monitor', 'usage');",
      }}
      table={(data) => ({
        columns: [
          { label: "feature" },
          { label: "area" },
          { label: "state" },
          { label: "purpose" },
          { label: "needs" },
          { label: "evidence" },
          { label: "to enable" },
        ],
        rows: data.capabilities.map((each: Capability) => [
          each.title,
          areaNames[each.area],
          each.state,
          each.purpose,
          each.needs,
          each.evidence,
          each.enable,
        ]),
      })}
    >
      {(data) => (
        <div className="border-t border-hairline">
          {byArea(data.capabilities).map(({ area, capabilities }) => (
            <section
              key={area}
              aria-label={areaNames[area]}
              className="border-b border-hairline last:border-b-0"
            >
              <h3 className="flex h-9 items-center gap-2 bg-inset px-4 text-sm font-medium text-muted">
                {areaNames[area]}
                <span className="text-xs font-normal text-faint">
                  {capabilities.filter(({ state }) => state === "present").length} of {capabilities.length}
                </span>
              </h3>
              <ul>
                {capabilities.map((capability) => (
                  <CapabilityRow key={capability.id} capability={capability} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
    </Panel>
  );
}

function countWords({ present, missing, unknown }: { present: number; missing: number; unknown: number }) {
  return [`${present} present`, `${missing} missing`, unknown > 0 && `${unknown} unknown`]
    .filter(Boolean)
    .join(" · ");
}
