import { type CapabilityCheck, examineUrl, grantToWatcher, stateOf, whyUnasked } from "../capability.ts";

/** What reading and appending events rest on. */
export const eventsCapabilities: CapabilityCheck[] = [
  {
    id: "audit_schema",
    area: "audit",
    title: "Audit schema",
    purpose: "Events per day by policy, and every verb on events, partitions, seals and privacy.",
    needs: "The tables audit_log and audit_quarantine of `audit-db migrate`",
    examine: (facts) => ({
      state: stateOf(facts.server, (server) => server.hasAuditSchema),
      evidence: !facts.server
        ? whyUnasked(facts)
        : facts.server.hasAuditSchema
          ? `audit_log and audit_quarantine stand in database ${facts.server.database}`
          : `Database ${facts.server.database} has no audit_log of ours; its own tables are watched all the same`,
      enable: "audit-db migrate --url OWNER_URL        # shows the SQL first",
    }),
  },
  {
    id: "audit_log_readable",
    area: "audit",
    title: "audit_log readable",
    purpose: "Events: events per day from the real rows.",
    needs: "SELECT on audit_log for the watching role",
    examine(facts) {
      const { server, features } = facts;
      const migrate = "audit-db migrate --url OWNER_URL";
      if (!server) return { state: "unknown", evidence: whyUnasked(facts), enable: migrate };
      if (!server.hasAuditSchema)
        return { state: "missing", evidence: "There is no audit_log of ours", enable: migrate };
      return {
        state: stateOf(features?.auditLogReadable, Boolean),
        evidence: `${server.user} ${features?.auditLogReadable ? "may" : "may not"} select from audit_log`,
        enable: grantToWatcher("audit_reader", facts),
      };
    },
  },
  {
    id: "writer_url",
    area: "connections",
    title: "Writer connection",
    purpose: "Appending events, the console's own activity among them.",
    needs: "A login with the role audit_writer",
    examine: examineUrl("write", "AUDIT_WRITER_URL", "audit_writer"),
  },
];
