import { type CapabilityCheck, examineUrl } from "../capability.ts";

/** What changes to partitions and indexes rest on. */
export const partitionsCapabilities: CapabilityCheck[] = [
  {
    id: "maintenance_url",
    area: "connections",
    title: "Maintenance connection",
    purpose: "A person's changes to partitions and indexes.",
    needs: "A login with the role audit_maintainer",
    examine: examineUrl("maintenance", "AUDIT_MAINTENANCE_URL", "audit_maintainer"),
  },
];
