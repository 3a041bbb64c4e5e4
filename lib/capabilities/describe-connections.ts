import { describeExplain } from "./describe-explain.ts";
import { describeRedis } from "./describe-redis.ts";
import { describeReplicas } from "./describe-replicas.ts";
import type { CapabilityFacts } from "./list-capabilities.ts";
import type { Capability } from "./types.ts";

/** What the configuration offers: the direct connection and the URL of each further purpose. */
export function describeConnections(facts: CapabilityFacts): Capability[] {
  const { purposes, configured } = facts;
  return [
    {
      id: "direct_connection",
      area: "connections",
      title: "Direct connection",
      purpose: "Deltas, waits and locks are only right when every statement meets the same server session.",
      needs: "A URL that leads to the server itself, not to a transaction pooler",
      ...directConnection(facts),
      enable: "Point AUDIT_DATABASE_URL at PostgreSQL itself (or at a pool in session mode).",
      required: true,
    },
    {
      id: "tls",
      area: "connections",
      title: "Encrypted connection",
      purpose: "Keeps the watching role's password and statement texts off the wire.",
      needs: "sslmode=require in the URL, and ssl = on at the server",
      state:
        facts.features?.tls === undefined || facts.features.tls === null
          ? "unknown"
          : facts.features.tls
            ? "present"
            : "missing",
      evidence:
        facts.features?.tls === undefined || facts.features.tls === null
          ? "Not asked: the target cannot be reached"
          : `pg_stat_ssl says ${facts.features.tls ? "this connection is encrypted" : "this connection is not encrypted"}`,
      enable: "Add ?sslmode=require to AUDIT_DATABASE_URL.",
      required: false,
    },
    purpose("writer_url", "Writer connection", purposes.write, {
      purpose: "Appending events, the console's own activity among them.",
      needs: "A login with the role audit_writer",
      variable: "AUDIT_WRITER_URL",
      role: "audit_writer",
    }),
    purpose("maintenance_url", "Maintenance connection", purposes.maintenance, {
      purpose: "A person's changes to partitions and indexes.",
      needs: "A login with the role audit_maintainer",
      variable: "AUDIT_MAINTENANCE_URL",
      role: "audit_maintainer",
    }),
    purpose("privacy_url", "Privacy connection", purposes.privacy, {
      purpose: "Erasure that nulls ciphertext.",
      needs: "A login with the role audit_privacy",
      variable: "AUDIT_PRIVACY_URL",
      role: "audit_privacy",
    }),
    describeExplain(facts.explain),
    {
      id: "pooler_url",
      area: "connections",
      title: "Pooler's admin console",
      purpose: "Connections: the pooler's lane between application and server.",
      needs: "PgBouncer's admin console (database pgbouncer)",
      state: configured.poolerUrl ? "present" : "missing",
      evidence: configured.poolerUrl ? "AUDIT_POOLER_URL is set" : "AUDIT_POOLER_URL is not set",
      enable: "AUDIT_POOLER_URL=postgres://stats_user@pooler-host:6432/pgbouncer",
      required: false,
    },
    describeReplicas(facts.nodes),
    {
      id: "personal_data",
      area: "console",
      title: "Personal data in events",
      purpose: "Encrypts the people in events, each under their own key, so that one can be erased.",
      needs: "A master key file, the same for every process",
      state: configured.vaultProblem === null ? "present" : "missing",
      evidence: configured.vaultProblem ?? "MASTER_KEY_FILE is readable and has an active key",
      enable: "audit-db vault init /etc/audit-db/master-keys.json  # then set MASTER_KEY_FILE to it",
      required: false,
    },
    describeRedis(configured.redis),
  ];
}

function purpose(
  id: string,
  title: string,
  configured: boolean,
  text: { purpose: string; needs: string; variable: string; role: string },
): Capability {
  return {
    id,
    area: "connections",
    title,
    purpose: text.purpose,
    needs: text.needs,
    state: configured ? "present" : "missing",
    evidence: `${text.variable} is ${configured ? "set" : "not set"}`,
    enable: `CREATE ROLE console_${text.role} LOGIN PASSWORD '…' IN ROLE ${text.role};  -- then set ${text.variable}`,
    required: false,
  };
}

function directConnection({ status, features }: CapabilityFacts): Pick<Capability, "state" | "evidence"> {
  if (status.cause === "pooler")
    return { state: "missing", evidence: status.reason ?? "A transaction pooler stands in between" };
  if (!features) return { state: "unknown", evidence: status.reason ?? "The target cannot be reached" };
  return features.sameBackend
    ? { state: "present", evidence: "Statements of one connection meet one server process" }
    : { state: "missing", evidence: "Statements of one connection met different server processes" };
}
