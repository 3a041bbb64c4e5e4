import type { CapabilityCheck } from "../capability.ts";

/** What the figures on a pooler rest on. */
export const connectionsCapabilities: CapabilityCheck[] = [
  {
    id: "pooler_url",
    area: "connections",
    title: "Pooler's admin console",
    purpose: "Connections: the pooler's lane between application and server.",
    needs: "PgBouncer's admin console (database pgbouncer)",
    examine: ({ configured }) => ({
      state: configured.poolerUrl ? "present" : "missing",
      evidence: configured.poolerUrl ? "AUDIT_POOLER_URL is set" : "AUDIT_POOLER_URL is not set",
      enable: "AUDIT_POOLER_URL=postgres://stats_user@pooler-host:6432/pgbouncer",
    }),
  },
];
