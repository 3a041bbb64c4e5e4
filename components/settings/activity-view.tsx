"use client";

import { ActivityLog } from "./activity-log.tsx";
import { AuditDelivery } from "./audit-delivery.tsx";

/** What was done in the console, and how it reaches the audit databases. */
export function ActivityView() {
  return (
    <div className="grid grid-cols-1 gap-4">
      {/* The log is as long as its page of entries: whatever stood below would jump once they are there. */}
      <AuditDelivery />
      <ActivityLog />
    </div>
  );
}
