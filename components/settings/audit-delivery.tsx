"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { AuditDelivery as Delivery } from "@/lib/activity/get-audit-delivery.ts";
import { formatExact, formatValue } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";

/** Of a line at a desk; the log below would jump by what is not kept free. */
const rowHeight = 44;

/** How the entries of the log reach each target's own audit log. */
export function AuditDelivery() {
  const read = useRead("auditDelivery", {});
  const { targets } = useConsole();
  return (
    <Panel
      id="audit-delivery"
      title="Delivery to the audit databases"
      read={read}
      height={rowHeight * targets.length}
      flush
      info={{
        what: "Every entry below also becomes an audit event, without names or addresses, in each target that has our schema and a writer connection. It is delivered at least once, under an id fixed when it happened.",
      }}
      empty={(data) => data.length === 0 && "Nothing was on its way yet"}
      table={(data) => ({
        columns: [
          { label: "target" },
          { label: "delivered", unit: "count" },
          { label: "waiting", unit: "count" },
          { label: "not applicable", unit: "count" },
          { label: "oldest waiting" },
          { label: "last delivered" },
          { label: "last error" },
        ],
        rows: data.map((each) => [
          each.target,
          each.delivered,
          each.pending,
          each.notApplicable,
          each.oldestPendingAt,
          each.lastDeliveredAt,
          each.lastError,
        ]),
      })}
    >
      {(data) => (
        <ul>
          {data.map((delivery) => (
            <DeliveryRow key={delivery.target} delivery={delivery} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const { target, pending, delivered, notApplicable, lastError } = delivery;
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-t border-hairline px-4 py-2 text-sm">
      <span className="w-28 truncate font-medium">{target}</span>
      {pending > 0 && lastError ? (
        <StateBadge state="warning">held up</StateBadge>
      ) : pending > 0 ? (
        <StateBadge state="notice">on its way</StateBadge>
      ) : delivered > 0 ? (
        <StateBadge state="ok">delivered</StateBadge>
      ) : (
        <StateBadge state="unknown">not applicable</StateBadge>
      )}
      <span className="text-muted" title={`${formatExact(delivered, "count")} delivered`}>
        {formatValue(delivered, "count")} delivered
        {pending > 0 && ` · ${formatValue(pending, "count")} waiting`}
        {notApplicable > 0 && ` · ${formatValue(notApplicable, "count")} not applicable`}
      </span>
      {delivery.oldestPendingAt && (
        <span className="text-muted">
          oldest <Time at={delivery.oldestPendingAt} />
        </span>
      )}
      {delivery.lastDeliveredAt && (
        <span className="text-faint">
          last <Time at={delivery.lastDeliveredAt} />
        </span>
      )}
      {lastError && <span className="min-w-0 text-muted sm:ml-auto">{lastError}</span>}
    </li>
  );
}
